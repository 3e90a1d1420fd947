/* link_host: for each sight ten addresses that must give it, and ten that look alike and must not. */
#include "bench.h"

#include "base/str.h"

#define EACH 10

static const struct {
	const char *sight;
	const char *seen, *near; /* separated by spaces */
} sights[] = {
	{ "link_host.shortener",
	  "https://bit.ly/3kLmN2 https://tinyurl.com/yc8abc https://t.co/AbCdEf https://cutt.ly/xw1 "
	  "https://rebrand.ly/mail1 https://is.gd/a1b2c3 https://ow.ly/Ab12 https://shorturl.at/abCD1 "
	  "https://t.ly/9xYz https://rb.gy/a1b2c3",
	  "https://bit.ly.example.org/3kLmN2 https://www.tinyurl-cards.org/a https://to.example.org/AbCdEf "
	  "https://www.short-stories.org/1 https://example.org/s/9xYz https://example.org/r?x=bit.ly "
	  "https://goodbit.ly-art.org/1 https://www.shorturl-museum.org/ https://isgd.org/a1 "
	  "https://www.rebrandlyons.org/3" },
	{ "link_host.free_site",
	  "https://mail-login.web.app/ https://secure.firebaseapp.com/x https://invoice.netlify.app/ "
	  "https://box.vercel.app/a https://doc.pages.dev/ https://x1.workers.dev/ https://bank.github.io/ "
	  "https://box.wixsite.com/my-site https://mail.weebly.com/ https://help.glitch.me/",
	  "https://www.netlify-users.org/a https://web.app.example.org/ https://github.com/postern/x "
	  "https://www.vercelli.org/ https://pages.example.org/dev https://blog.example.org/wix "
	  "https://workers.example.org/ https://www.glitch-art.org/ https://docs.firebase.example.org/ "
	  "https://www.weebly-birds.org/" },
	{ "link_host.tunnel",
	  "https://12ab.ngrok-free.app/ https://x.ngrok.io/login https://a-b-c.trycloudflare.com/ "
	  "https://x.loca.lt/ http://bank.ddns.net/ http://mail.duckdns.org/ http://a.no-ip.org/ "
	  "http://home.hopto.org/x http://x.serveo.net/ http://shop.zapto.org/",
	  "https://www.ngrok-guide.org/ https://cloudflare.example.org/ https://tunnel.example.org/ "
	  "https://www.ducks-dns.org/ https://www.channel-tunnel.org/ https://hopto.example.org/ "
	  "https://dyn.example.org/ https://www.noip-law.org/ https://local.example.org/ "
	  "https://www.serveo.example.org/" },
	{ "link_host.ipfs",
	  "https://ipfs.io/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG "
	  "https://dweb.link/ipfs/QmYwAPJzv5 https://cloudflare-ipfs.com/ipfs/bafybeig "
	  "https://gateway.pinata.cloud/ipfs/QmX1 https://bafybeigabc.ipfs.dweb.link/ "
	  "https://x.ipfs.w3s.link/a.html https://bafyx.ipfs.nftstorage.link/ https://ipfs.io/ipns/k51 "
	  "https://bafyx.ipfs.cf-ipfs.com/ https://bafyx.ipfs.4everland.io/",
	  "https://example.org/what-is-ipfs https://ipfs.example.org/ https://www.pinata-party.org/ "
	  "https://docs.example.org/ipns https://example.org/qm/Qm1 https://dweb.example.org/link "
	  "https://www.interplanetary.org/ https://example.org/?q=ipfs.io https://www.w3s.org/ "
	  "https://nft.example.org/storage" },
	{ "link_host.storage",
	  "https://storage.googleapis.com/b/a.html https://b.s3.amazonaws.com/i.html "
	  "https://b.s3.eu-west-1.amazonaws.com/ https://x.blob.core.windows.net/c/a.htm "
	  "https://firebasestorage.googleapis.com/v0/b/x/o/a.html#bob "
	  "https://b.nyc3.digitaloceanspaces.com/a.html "
	  "https://b.r2.dev/a.html https://f.backblazeb2.com/file/c/index.html "
	  "https://f.backblazeb2.com/file/b/a.html "
	  "https://b.oss-cn-hangzhou.aliyuncs.com/a.html",
	  "https://storage.googleapis.com/b/a.pdf https://b.s3.amazonaws.com/photo.png "
	  "https://x.blob.core.windows.net/c/table.xlsx https://storage.example.org/a.html "
	  "https://s3.example.org/a.html https://www.self-storage.org/ https://b.r2.dev/song.mp3 "
	  "https://b.nyc3.digitaloceanspaces.com/plan.docx https://blob.example.org/a.html "
	  "https://spaces.example.org/" },
	{ "link_host.free_form",
	  "https://form.jotform.com/1 https://forms.gle/AbC https://docs.google.com/forms/d/e/1x/viewform "
	  "https://forms.office.com/r/AbC https://x.typeform.com/to/a1 https://www.surveymonkey.com/r/AB1 "
	  "https://x.formstack.com/forms/a https://www.cognitoforms.com/X/a https://tally.so/r/a1 "
	  "https://form.123formbuilder.com/1/a",
	  "https://www.example.org/forms/1 https://forms.example.org/ https://www.formula.org/ "
	  "https://survey.example.org/1 https://www.platform.org/ https://typeform.example.org/to/1 "
	  "https://www.tally-ho.org/ https://jot.example.org/form https://example.org/viewform "
	  "https://www.uniform.org/r/1" },
	{ "link_host.shared_document",
	  "https://docs.google.com/document/d/1 https://drive.google.com/file/d/1/view "
	  "https://docs.google.com/presentation/d/1 https://1drv.ms/b/s!x https://www.dropbox.com/s/1/a.pdf "
	  "https://x-my.sharepoint.com/:b:/g/1 https://www.canva.com/design/1/view https://we.tl/t-1 "
	  "https://www.mediafire.com/file/1 https://mega.nz/file/1",
	  "https://docs.example.org/document/1 https://drive.example.org/1 https://www.dropbox-lid.org/ "
	  "https://sharepoint.example.org/ https://www.canvas-bags.org/ https://example.org/shared/1 "
	  "https://www.megafauna.org/ https://office.example.org/1drv https://www.media-fire.org/ "
	  "https://example.org/view?doc=1" },
	{ "link_host.open_redirect",
	  "https://www.google.com/url?q=https://evil.org/a https://www.bing.com/ck/a?u=https://evil.org/a "
	  "https://shop.org/go?url=https%3A%2F%2Fevil.org%2Fa https://news.org/r?redirect=https://evil.org/ "
	  "https://bank.org/out?next=https://evil.org/x https://a.org/?u=http://evil.org/ "
	  "https://track.org/c?target=https%3A%2F%2Fevil.org https://l.org/exit.php?link=https://evil.org/ "
	  "https://www.youtube.com/redirect?q=https://evil.org/ "
	  "https://googleads.g.doubleclick.net/pcs/click?adurl=https://evil.org/",
	  "https://shop.org/go?url=https://www.shop.org/a https://shop.org/go?url=/local/page "
	  "https://shop.org/search?q=redirect https://shop.org/next?page=2 "
	  "https://www.google.com/maps?q=dole "
	  "https://shop.org/go?url=https://www.sender.test/a https://shop.org/?u=bob "
	  "https://archive.example.org/about https://shop.org/url/evil https://shop.org/target/1" },
	{ "link_host.planted_page",
	  "https://b.org/wp-content/plugins/x/a.php https://b.org/wp-includes/js/login/ "
	  "https://b.org/wp-admin/css/bank/ https://b.org/.well-known/acme/x.html "
	  "https://b.org/wp-content/uploads/2026/index.html https://b.org/cgi-sys/x/ "
	  "https://b.org/shop/wp-content/themes/t/verify.php https://b.org/node_modules/x/a.html "
	  "https://b.org/vendor/phpunit/a.php https://b.org/wp-includes/fonts/dhl/",
	  "https://b.org/wp-content/uploads/2026/menu.pdf https://b.org/wp-content/uploads/a.jpg "
	  "https://b.org/blog/wp-content-tips https://b.org/about-wp-admin https://b.org/well-known/people "
	  "https://b.org/wp-content/uploads/plan.docx https://b.org/vendors/ https://b.org/modules/1 "
	  "https://b.org/?p=12 https://b.org/wp-content/uploads/dates.ics" },
	{ "link_host.cheap_domain",
	  "https://parcel-info.top/a https://win-now.click/ https://mail-check.xyz/ https://a.icu/ "
	  "https://pay-fee.cfd/ https://x.sbs/a https://bank-id.buzz/ https://gift.rest/1 https://a.tk/ "
	  "https://toll.cyou/",
	  "https://www.top-bakery.org/ https://click.example.org/ https://www.example.org/xyz "
	  "https://www.example.de/ https://www.example.fr/a https://www.example.jp/ https://www.example.edu/ "
	  "https://top.example.org/ https://buzz.example.org/ https://www.rest-home.org/" },
	{ "link_host.odd_port",
	  "https://b.org:8443/a http://b.org:8090/ http://b.org:8888/x https://b.org:2083/ http://b.org:81/ "
	  "http://b.org:3000/ https://b.org:4443/login http://b.org:5000/ http://b.org:9000/a "
	  "https://b.org:10443/",
	  "https://b.org:443/a http://b.org:80/ https://b.org/8443 https://b.org/a:8080 https://b8080.org/ "
	  "https://port.b.org/ https://b.org/?port=8080 https://b.org/#:81 https://b.org/x/81 "
	  "https://b.org/a?t=10:30" },
	{ "link_host.deep_host",
	  "https://login.bank.com.session.a1.b.org/ https://a.b.c.d.e.b.org/ "
	  "https://www.pay.com.id.user.verify.b.org/ https://mail.google.com.a.x.b.org/ "
	  "https://one.two.three.four.five.b.org/x https://id.apple.com.auth.web.b.org/ "
	  "https://secure.my.bank.co.uk.b.org/ https://w.w.w.x.y.b.org/ https://a1.b2.c3.d4.e5.f6.b.org/ "
	  "https://account.live.com.reset.now.b.org/",
	  "https://www.b.org/ https://a.b.b.org/ https://shop.uk.b.org/ https://www.b.co.uk/ "
	  "https://mail.dep.b.ac.uk/ https://de.wiki.b.org/ https://www.city.state.us/ "
	  "https://b.org/a.b.c.d.e.f "
	  "https://b.org/?h=a.b.c.d.e.f https://static.cdn.b.org/" },
	{ "link_host.random_host",
	  "https://xkqvbtrz1p.com/ https://qwrtzpdfgk.org/ https://bvcxkjgqwl.net/a https://zxq7trkvpbd.com/ "
	  "https://hjkqwrtpvx.com/ https://wqxzkvbnmt.org/ https://fgtrkqzxvb.net/ https://plkjgfdqtr.com/ "
	  "https://vbnmkqrtzs.org/ https://rtzxqkvwpb.com/",
	  "https://www.rechtsschutzversicherung.org/ https://www.angstschweiss.de/ "
	  "https://www.strengths.org/ "
	  "https://www.krkonose.cz/ https://www.llanfairpwll.org/ https://www.borschtsch.org/ "
	  "https://www.rhythms.org/ https://www.szczebrzeszyn.pl/ https://www.brzeszcze.pl/ "
	  "https://www.weltschmerz.org/" },
};

static void look(const char *sight, struct str href, bool wanted)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct str body = arena_printf(a,
				       "<p>Hello Bob, the page that we spoke about is here for you: <a "
				       "href=\"%.*s\">Open it</a></p>",
				       STR_ARG(href));
	struct bench b;

	bench_scan(&b, &(struct mail){ .type = "text/html", .body = body.p }, NULL);
	if ((bench_finding(&b, sight) != NULL) != wanted)
		fail_msg("%s: %.*s", sight, STR_ARG(href));
	bench_close(&b);
	arena_free(&a);
}

static void test_sights(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sights); i++) {
		struct strs seen = arena_split(a, str_of(sights[i].seen), ' '),
			    near = arena_split(a, str_of(sights[i].near), ' ');
		assert_true(seen.n >= EACH && near.n >= EACH);
		for (size_t k = 0; k < seen.n; k++)
			look(sights[i].sight, seen.v[k], true);
		for (size_t k = 0; k < near.n; k++)
			look(sights[i].sight, near.v[k], false);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_sights) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
