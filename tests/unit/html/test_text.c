/* Tokens, and what a person sees of HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "html/entity.h"
#include "html/text.h"
#include "url/url.h"

/* Tokens: T text, S start with its attributes, E end, C comment, D declaration. */
static const struct {
	const char *html, *want;
} tokens[] = {
	{ "a<b>c</b>d", "T(a)S(b)T(c)E(b)T(d)" },
	{ "<A HREF=x>", "S(A HREF=x)" },
	{ "<a href='x>y' b=\"c'd\" e>", "S(a href=x>y b=c'd e=)" },
	{ "<a/b/c=d/>", "S(a b= c=d/)" },
	{ "<a =b c = d>", "S(a =b= c=d)" },
	{ "<br/>", "S(br)" },
	{ "a < b <3 <", "T(a < b <3 <)" },
	{ "<<b>", "T(<)S(b)" },
	{ "<!-- a --><!-->x<!--->y<!-- z --!>w", "C( a )C()T(x)C()T(y)C( z )T(w)" },
	{ "<!-- a > b", "C( a > b)" },
	{ "<!doctype html><?php x?>", "D(doctype html)C(?php x?)" },
	{ "</ x></>y", "C( x)C()T(y)" },
	{ "<script>a<b></scrip></SCRIPT >c", "S(script)T(a<b></scrip>)E(SCRIPT)T(c)" },
	{ "<style></style>x", "S(style)T()E(style)T(x)" },
	{ "<title>a<b>&amp;</title>", "S(title)T(a<b>&amp;)E(title)" },
	{ "<textarea><a></textarea>", "S(textarea)T(<a>)E(textarea)" },
	{ "<script>never closed <b>", "S(script)T(never closed <b>)" },
	{ "<a href=\"never closed>x</a>", "S(a href=never closed>x</a>)" },
	{ "<plaintext><b></plaintext>", "S(plaintext)T(<b></plaintext>)" },
	{ "<svg><style><b id='</style>'>", "S(svg)S(style)S(b id=</style>)" },
	{ "<svg><title><a id='</title>'></title><style><a></svg><style><a>",
	  "S(svg)S(title)S(a id=</title>)E(title)S(style)S(a)E(svg)S(style)T(<a>)" },
	{ "<svg/><style><a>", "S(svg)S(style)T(<a>)" },
	{ "<svg><svg/><style><b>", "S(svg)S(svg)S(style)S(b)" },
	{ "<svg><svg></svg><style><b>", "S(svg)S(svg)E(svg)S(style)S(b)" },
	{ "<math><svg><desc><style><a>", "S(math)S(svg)S(desc)S(style)S(a)" },
	{ "<svg></math><style><a>", "S(svg)E(math)S(style)S(a)" },
	{ "<svg><mtext><style><a>", "S(svg)S(mtext)S(style)S(a)" },
	{ "<math><desc><style><a>", "S(math)S(desc)S(style)S(a)" },
	{ "<math><mi><svg></svg><style><a>", "S(math)S(mi)S(svg)E(svg)S(style)T(<a>)" },
	{ "<math><mi></mi><style><a>", "S(math)S(mi)E(mi)S(style)S(a)" },
	{ "<math><annotation-xml><style><a>", "S(math)S(annotation-xml)S(style)S(a)" },
	{ "<svg><font><style><a>", "S(svg)S(font)S(style)S(a)" },
	{ "<svg><font size=1><style><a>", "S(svg)S(font size=1)S(style)T(<a>)" },
	{ "<svg></p><style><a>", "S(svg)E(p)S(style)T(<a>)" },
	{ "<svg><![CDATA[<a>&amp;><!--]]><b>", "S(svg)T(<a>&amp;><!--)S(b)" },
	{ "<svg><![CDATA[never closed <b>", "S(svg)T(never closed <b>)" },
	{ "<svg><p><![CDATA[a>b]]>", "S(svg)S(p)D([CDATA[a)T(b]]>)" },
	{ "<script><!--<script></script><!-- x </script><b>",
	  "S(script)T(<!--<script></script><!-- x )E(script)S(b)" },
	{ "<script><!--<SCRIPT/></Script ></script><b>", "S(script)T(<!--<SCRIPT/></Script >)E(script)S(b)" },
	{ "<script><!--<script>--></script><b>", "S(script)T(<!--<script>-->)E(script)S(b)" },
	{ "<script><!--><script></script><b>", "S(script)T(<!--><script>)E(script)S(b)" },
	{ "<script><!--<scripts></script><b>", "S(script)T(<!--<scripts>)E(script)S(b)" },
	{ "<script><script></script><b>", "S(script)T(<script>)E(script)S(b)" },
	{ "<script><!--<script></script>", "S(script)T(<!--<script></script>)" },
	{ "<math><p><style><a>", "S(math)S(p)S(style)T(<a>)" },
	{ "", "" },
};

static void test_tokens(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		struct html h = html_of(str_of(tokens[i].html));
		struct html_token t;
		struct buf b;
		buf_init(&b, 1 << 16);
		while (html_next(&h, &t)) {
			bool tag = t.kind == HTML_START || t.kind == HTML_END;
			buf_printf(&b, "%c(%.*s", "TSECD"[t.kind], STR_ARG(tag ? t.name : t.text));
			struct html_attr at;
			while (tag && html_attr_next(&t.attrs, &at))
				buf_printf(&b, " %.*s=%.*s", STR_ARG(at.name), STR_ARG(at.value));
			buf_add_char(&b, ')');
		}
		if (!str_eq(buf_str(&b), str_of(tokens[i].want)))
			fail_msg("%s: got %.*s", tokens[i].html, STR_ARG(buf_str(&b)));
		buf_free(&b);
	}
}

/* The table of tags is searched in halves: it must be sorted. */
static void test_tag_order(void **state)
{
	(void)state;
	for (int i = 2; i < HTML_TAG_COUNT; i++)
		assert_true(str_cmp(enum_text(&html_tag_names, i - 1), enum_text(&html_tag_names, i)) < 0);
}

static const struct {
	const char *value, *want;
} entities[] = {
	{ "a&amp;b", "a&b" },
	{ "&#65;&#x41;&#X41", "AAA" },
	{ "&lt&gt", "<>" },
	{ "&ampx", "&ampx" },
	{ "&amp=", "&amp=" },
	{ "&copy;&nbsp;", "\xc2\xa9\xc2\xa0" },
	{ "&colon;&sol;&Tab;", ":/\t" },
	{ "&#128;", "\xe2\x82\xac" },
	{ "&#0;&#xd800;&#x110000;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "&nosuch;", "&nosuch;" },
	{ "&", "&" },
	{ "&#", "&#" },
	{ "&#x;", "&#x;" },
	{ "&hellip", "&hellip" },
	{ "&hellip;", "\xe2\x80\xa6" },
	{ "&#99999999999999999999;", "\xef\xbf\xbd" },
};

static void test_entities(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		struct str got = html_decode(a, str_of(entities[i].value));
		if (!str_eq(got, str_of(entities[i].want)))
			fail_msg("%s: got %.*s", entities[i].value, STR_ARG(got));
	}
	arena_free(&a);
}

static const struct {
	const char *name, *html, *text, *hidden;
} texts[] = {
	{ "inline", "a<b>b</b> c", "ab c", "" },
	{ "white space", "  a \n\t b  ", "a b", "" },
	{ "blocks", "<p>a<p>b<div>c</div>d<br>e", "a\nb\nc\nd\ne", "" },
	{ "cells", "<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc", "" },
	{ "skips", "<head><title>t</title><style>s</style></head><script>x</script>a", "a", "" },
	{ "references", "&lt;b&gt;&nbsp;&eacute;&ampx", "<b> \xc3\xa9&x", "" },
	{ "invisible characters",
	  "P&shy;&#x3164;a&#8203;&#xe0041;y\xe2\x80\x8bP\xc2\xad"
	  "al",
	  "PayPal", "" },
	{ "pre", "<pre>a\n b</pre>", "a\nb", "" },
	{ "comment", "pass<!-- x -->word", "password", "" },
	{ "display none", "a<span style='display:none'>b</span>c", "ac", "b" },
	{ "spelled oddly", "a<span style='DISPLAY : &#110;one !important'>b</span>c", "ac", "b" },
	{ "font size", "a<span style=font-size:0px>b</span><span style='font-size:0.9em'>c</span>", "ac",
	  "b" },
	{ "nested inside", "<div hidden>a<b>b</b><div>c</div>d</div>e", "e", "ab\nc\nd" },
	{ "a block in the line", "a<div style='display:inline'>b</div>c<p>d</p>e", "abc\nd\ne", "" },
	{ "a cell in the line",
	  "<table><tr><td style='display: inline'>a<td style='display: inline'>b</table>", "ab", "" },
	{ "outer end closes", "<table><tr><td><span style=display:none>a</td><td>b</table>", "b", "a" },
	{ "stray end", "<div style='opacity:0'>a</p></x>b</div>c", "c", "a\nb" },
	{ "template", "<template>a</template>b", "b", "a" },
	{ "control characters",
	  "a\x01"
	  "b",
	  "ab", "" },
	{ "open tag dropped", "a<b", "a", "" },
	/* a wrapper without size, as mail builders write it, around text that has one */
	{ "font size comes back", "<td style='font-size:0px'>x<div style='font-size:16px'>a</div></td>", "a",
	  "x" },
	{ "font size of nothing stays",
	  "<div style='font-size:0'><span style='font-size:2em'>x</span></div>a", "a", "x" },
	{ "font shorthand", "<p style='font:bold 0/0 a'>x</p><p style='font:700 13px/1 Arial'>a</p>", "a",
	  "x" },
	{ "one pixel letters", "<p style='font-size:1px'>x</p><p style='font-size:8pt'>a</p>", "a", "x" },
	{ "flat needs clipping",
	  "<div style='max-height:0'>a</div><div style='max-height:0;overflow:hidden'>x</div>b", "a\nb",
	  "x" },
	{ "a word inside a name", "<div style='x-display:none;no-visibility:hidden'>a</div>", "a", "" },
	{ "the last one wins", "<div style='display:none;display:block'>a</div>", "a", "" },
	{ "importance wins", "<div style='display:none !important;display:block'>x</div>a", "a", "x" },
	{ "escapes and comments", "<div style='d\\69 splay:/* */no\\6e e'>x</div>a", "a", "x" },
	{ "a paragraph ends another", "<p hidden>x<p>a", "a", "x" },
	{ "items end each other", "<ul><li style='display:none'>x<li>a</ul>", "a", "x" },
	{ "cells end each other", "<table><tr><td style='display:none'>x<td>a</table>", "a", "x" },
	{ "rows end each other", "<table><tr style='display:none'><td>x<tr><td>a</table>", "a", "x" },
	{ "inner end tags stay inside", "<div style='display:none'><table><td>x</div>y</table>z</div>a", "a",
	  "x\ny\nz" },
	{ "only Outlook hides it", "<div style='mso-hide:all'>a</div>", "a", "" },
	{ "only Outlook shows it", "a<!--[if mso]><p>x</p><![endif]-->b<!--[if !mso]><!-->c<!--<![endif]-->",
	  "abc", "" },
	{ "visibility comes back",
	  "<div style='visibility:hidden'>x<b style='visibility:visible'>a</b></div>", "a", "x" },
	{ "display does not", "<div style='display:none'>x<b style='display:block'>y</b></div>a", "a", "xy" },
	{ "white on white", "<p style='color:#fff'>x</p><font color=white>y</font>a", "a", "x\ny" },
	{ "nearly white", "<p style='color:rgb(250, 251,252)'>x</p>a", "a", "x" },
	{ "white on blue", "<td bgcolor=#0000cc style='color:white'>a<p style='color:navy'>b", "a\nb", "" },
	{ "blue on blue", "<td bgcolor=0000cc><font color=#0000cd>x</font>a", "a", "x" },
	{ "on a picture", "<td background=x.png><font color=white>a</font>", "a", "" },
	{ "transparent letters", "<p style='color:transparent'>x</p><p style='color:rgba(0,0,0,0.01)'>y</p>a",
	  "a", "x\ny" },
	{ "transparent ground", "<td style='background:transparent;color:#fff'>x</td>", "", "x" },
	{ "off the page",
	  "<p style='position:absolute;left:-9999px'>x</p><p style='text-indent:-5000px'>y</p>"
	  "<p style='left:-9999px'>a</p>",
	  "a", "x\ny" },
	{ "a power of ten",
	  "<p style='font-size:9e-9px'>x</p><p style='opacity:1e-2'>y</p><p style='font-size:1.2e1px'>a</p>"
	  "<p style='font-size:2em'>b</p><p style='font-size:2e'>c</p>",
	  "a\nb\nc", "x\ny" },
	{ "transformed away",
	  "<p style='transform:scale(0)'>x</p><p style='transform: translateX( -9999px)'>y</p>"
	  "<p style='transform:translate(0, -9999px)'>z</p>"
	  "<p style='transform:scale(0.9)'>a</p><p style='transform:rotate(0)'>b</p>",
	  "a\nb", "x\ny\nz" },
	{ "clipped away", "<p style='position:absolute;clip:rect(0,0,0,0)'>x</p>a", "a", "x" },
	{ "class of a sheet", "<style>.h, .i { display : none }</style><p class='k I'>x</p><p class=hh>a</p>",
	  "a", "x" },
	{ "id and element of a sheet", "<style>#q{font-size:0}u{color:#fff}</style><p id=q>x</p><u>y</u>a",
	  "a", "x\ny" },
	{ "style beats sheet", "<style>.h{display:none}</style><p class=h style='display:block'>a</p>", "a",
	  "" },
	{ "important sheet beats style",
	  "<style>.h{display:none!important}</style><p class=h style='display:block'>x</p>a", "a", "x" },
	{ "media rules do not count",
	  "<style>@media (max-width:600px){.h{display:none}}.i{color:red}</style><p class=h>a", "a", "" },
	{ "longer selectors only show",
	  "<style>.b a{background:#00c}.c .h{display:none}</style><a class=h style=color:#fff>a</a>"
	  "<p class=h>b",
	  "a\nb", "" },
	/* what has no letters to be seen stands in its place all the same */
	{ "unseen cells and blocks part",
	  "<table bgcolor=#000><tr><td><div style='color:#fff'>a</div><td><b style='color:#fff'>b</b>"
	  "<tr><td style='font-size:0'><i style='font:9px x;color:#fff'>c</i></table>",
	  "a\nb\nc", "" },
	{ "what is not there parts nothing", "a<div style='display:none'>x</div>b", "ab", "x" },
	{ "style of a picture", "<svg><style>.st0{fill:#f00}</style><text>a</text></svg>b", "ab",
	  ".st0{fill:#f00}" },
	{ "HTML again within SVG", "<svg><mi><style><p>a", "a", "" },
	{ "not left by font", "<svg><font><style><p>a", "a", "" },
	{ "not an island of MathML", "<math><annotation-xml><noembed><p>a", "a", "" },
	{ "left by an end tag", "<svg></p><style><!--</style>a<b>c-->", "ac-->", "" },
	{ "a comment inside of CDATA", "<svg><![CDATA[ > <!-- ]]></svg>a<b>c</b>-->", "> <!-- ac-->", "" },
	{ "XML has no raw text", "<title/>a<b>c</b><title></title>", "ac", "" },
	{ "XML has sections", "<![CDATA[ > <!-- ]]>a<b>c</b>-->", "]]>ac", "" },
	{ "select drops tags", "<select><style></select>a<b>c", "ac", "" },
	{ "noscript is raw text to browsers", "<noscript><!--</noscript>a<b>c</b>-->", "ac", "" },
	{ "text that never ends", "a<plaintext>b", "a\nb", "" },
	{ "a comment elsewhere", "a<!-- <b>x</b> --><style><b>y</b></style>c", "ac", "" },
	{ "a page inside", "a<iframe srcdoc='&lt;p>b<iframe srcdoc=&quot;&lt;p>c&quot;>'></iframe>",
	  "a\nb\nc", "" },
	{ "attributes of other elements", "<p color=white>a</p><div bgcolor=black>b</div><p text=white>c</p>",
	  "a\nb\nc", "" },
	{ "media rules show",
	  "<style>.h{display:none}@media all{.h{display:block}}.i{display:none}</style><p class=h>a<p "
	  "class=i>x",
	  "a", "x" },
	{ "media rules and attributes",
	  "<style>@media all{.h{display:block}.i{display:block!important}}</style>"
	  "<p class=h style='display:none'>x</p><p class=i style='display:none'>a</p>",
	  "a", "x" },
	{ "longer selectors show", "<style>.h{display:none}p.h{display:block}</style><p class=h>a", "a", "" },
	{ "selectors that are not looked up",
	  "<style>.h{display:none}[class=h]{display:block!important}</style><p class=h>a", "a", "" },
	{ "selectors of no element", "<style>.h{display:none}.h:before{display:block}</style><p class=h>x",
	  "", "x" },
	{ "everything", "<style>.h{display:none}*{display:block!important}</style><p class=h>a", "a", "" },
	{ "what few elements are within",
	  "<style>[owa] .x p{display:block!important}p[data-x]{display:block}</style><p "
	  "style='display:none'>x</p>a",
	  "a", "x" },
	{ "everything inherits",
	  "<style>*{color:inherit;font-size:100%}</style><p style='color:#fff'>x</p><p "
	  "style='font-size:0'>y</p>a",
	  "a", "x\ny" },
	{ "values that are none",
	  "<p style='display:none\\9'>a</p><p style='display:none !ie'>b</p><p style='font-size:0foo'>c</p>"
	  "<p style='opacity:0x'>d</p><p style='color:rgb(255,255,255,1,1)'>e</p>",
	  "a\nb\nc\nd\ne", "" },
	{ "a clip that leaves something",
	  "<p style='position:absolute;clip:rect(0,900px,900px,0)'>a</p><p style='clip:rect(0,0,0,0)'>b</p>"
	  "<p style='position:absolute;clip:rect(0 0 auto 0)'>c</p>"
	  "<p style='position:absolute;clip:rect(1px 1px 1px 1px)'>x</p>",
	  "a\nb\nc", "x" },
	{ "only the first line is off the page", "<p style='text-indent:-999px'>x<br>a</p>", "a", "x" },
	{ "height of the last word", "<div style='height:0;height:auto;overflow:hidden'>a</div>", "a", "" },
	{ "height at least", "<div style='height:0;min-height:9px;overflow:hidden'>a</div>", "a", "" },
	{ "no box, no height",
	  "<span style='height:0;overflow:hidden'>a</span><table><td "
	  "style='height:0;overflow:hidden'>b</table>"
	  "<span style='display:inline-block;height:0;overflow:hidden'>x</span>",
	  "a\nb", "x" },
	{ "on buttons and in fields",
	  "a<input type=submit value='b &amp; c'><input placeholder=d>e<input type=hidden value=x>f",
	  "a b & c d ef", "" },
	{ "values that only the server sees",
	  "<input type=radio value=M>Male<input type=CheckBox value=on>all"
	  "<input type=password value=x placeholder=Password><input type=image value=y alt=Go>",
	  "Male all Password Go", "" },
	{ "put there by a sheet",
	  "<style>.a::before{justify-content:x;content :'Your \\61 "
	  "ccount'}.b:after{content:\"\\201C\"}</style><p class=a>is "
	  "closed",
	  "is closed\nYour account", "" },
	{ "values that nobody can tell",
	  "<p style='font-size:0;font-size:calc(9px + 1vw)'>a</p><p "
	  "style='font-size:0;font-size:larger'>b</p>"
	  "<p style='font-size:0;font:caption'>c</p><p "
	  "style='height:0;height:calc(9px);overflow:hidden'>d</p>"
	  "<p style='display:none;all:initial'>e</p><p style='opacity:0;opacity:var(--x)'>f</p>",
	  "a\nb\nc\nd\ne\nf", "" },
	{ "media that always hold",
	  "<style>@media all{.h{display:none}}@media screen{@media "
	  "print{.i{display:none}}.j{display:none}}</style>"
	  "<p class=h>x<p class=i>a<p class=j>y<p>b",
	  "a\nb", "x\ny" },
	{ "text for a picture that is not there", "a<img alt=' b &amp; c'>d<img src=x alt=y>", "a b & cd",
	  "" },
	{ "rules in a rule",
	  "<style>.h{display:none;&{display:block}}.i{display:none}</style><p class=h>a<p class=i>x", "a",
	  "x" },
	{ "a template that is shown", "<template shadowrootmode=open>a</template>", "a", "" },
	{ "for what knows no frames", "<noframes><p>a</noframes>", "a", "" },
	{ "letters of their own size",
	  "<div style='font-size:0'>x<font size=4>a</font><table><td>b</table><button>c</button></div>",
	  "a\nb\nc", "x" },
	{ "a link of its own colour", "<p style='color:#fff'>x<a href=y>a</a><a>z</a></p>", "a", "xz" },
	{ "shadows",
	  "<p style='color:#fff;text-shadow:0 0 1px #000'>a</p><p style='color:#fff;text-shadow:none'>x</p>"
	  "<p style='color:#fff;-webkit-text-fill-color:red'>b</p>"
	  "<div style='box-shadow:inset 0 0 0 99px #000'><p style='color:#fff'>c</p></div>"
	  "<p style='opacity:0;animation:show 1s forwards'>d</p>",
	  "a\nb\nc\nd", "x" },
	{ "comments of a sheet", "<style><!-- .h/* } */{display:none} --></style><p class=h>x</p>a", "a",
	  "x" },
};

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct html_text *t = html_text_read(a, str_of(texts[i].html), 1 << 16);
		if (!str_eq(t->text, str_of(texts[i].text)) || !str_eq(t->hidden, str_of(texts[i].hidden)))
			fail_msg("%s: got %.*s and %.*s", texts[i].name, STR_ARG(t->text),
				 STR_ARG(t->hidden));
		arena_free(&a);
	}
}

/* kind:href|text each. */
static const struct {
	const char *html, *want;
} links[] = {
	{ "<a href=http://x>go <b>on</b></a>", "a:http://x|go on " },
	{ "<a href=' http://x/&#63;a&amp;b '>y</a>", "a:http://x/?a&b|y " },
	{ "<a href=x>a<a href=y>b</a>", "a:x|a a:y|b " },
	{ "<a href=x><img src=i alt='Click me'></a>", "a:x|Click me " },
	{ "<a href=x>open", "a:x|open " },
	{ "<a name=x>no link</a>", "" },
	{ "<p>before<p><a href=x><p>in</p></a>", "a:x|in " },
	{ "<area href=x alt=map>", "area:x|map " },
	{ "<form action=http://f><button formaction=g>", "form:http://f| form:g| " },
	{ "<iframe src=x></iframe><object data=y>", "frame:x| frame:y| " },
	{ "<meta http-equiv=refresh content='0; URL=\"http://x\"'>", "refresh:http://x| " },
	{ "<base href=http://b><link href=s>", "base:http://b| link:s| " },
	{ "<a href=x href=y>first</a>", "a:x|first " },
	{ "<table><td><a href=x>a<td>b</table>", "a:x|a " },
	{ "<a href=x><b>a</a>b</b>", "a:x|a " },
	{ "<svg><a xlink:href=x><text>in a picture</text></a></svg>", "a:x|in a picture " },
	{ "<svg><![CDATA[<a href=x>a</a>]]></svg>", "a:x|a " },
	{ "<select><xmp></select><a href=x>a</a>", "a:x|a " },
	{ "<select><title></select><xmp><a href=x>a</a>", "a:x|a " },
	{ "<select><style></select><a href=x>a</a>", "a:x|a " },
	{ "<title><a href=x>a</a></title><xmp><a href=y>b</a></xmp>", "" },
	{ "<svg><![CDATA[><!--]]></svg><a href=x>a</a>-->", "a:x|a " },
	{ "<a href=x style=display:none>a</a>", "a:x|a " },
	{ "<!--[if mso]><a href=x>a</a><v:rect href=y>c</v:rect>d<![endif]--><a href=z>b</a>",
	  "a:x|a a:y|c a:z|b " },
	{ "<!--[if mso]><![if true]><a href=x>a</a><![endif]><![endif]-->", "a:x|a " },
	{ "<svg><a xlink:href=x><text>a</text></a><use href=#i><image href=i>b</svg>", "a:x|a " },
	{ "<svg><a href=x><set attributeName=href to=y /><text>a</text></a></svg>", "a:x|a a:y| " },
	{ "<math><mtext href=x>a</mtext>b</math>", "a:x|a " },
	{ "<form action=x><button action=y formaction=z>", "form:x| form:z| " },
	{ "<iframe srcdoc='&lt;a href=x>a&lt;/a>'></iframe>", "a:x|a " },
	{ "<meta http-equiv=ref&#114;esh content=0;x>", "refresh:x| " },
	{ "<meta http-equiv=refresh content='0;http://x/?url=y'>", "refresh:http://x/?url=y| " },
	{ "<meta http-equiv=refresh content='5, URL = x'>", "refresh:x| " },
};

static void test_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct html_text *t = html_text_read(a, str_of(links[i].html), 1 << 16);
		struct str got = STR("");
		for (size_t k = 0; k < t->links.n; k++) {
			struct html_link *l = &t->links.v[k];
			struct str kind = enum_text(&html_link_kind_names, (int)l->kind);
			got = arena_printf(a, "%.*s%.*s:%.*s|%.*s ", STR_ARG(got), STR_ARG(kind),
					   STR_ARG(l->href), STR_ARG(l->text));
		}
		if (!str_eq(got, str_of(links[i].want)))
			fail_msg("%s: got %.*s", links[i].html, STR_ARG(got));
		arena_free(&a);
	}
}

static const struct {
	const char *html, *text, *elsewhere;
} parted[] = {
	/* of what Outlook alone reads, settings are nothing that it shows */
	{ "a<!--[if mso]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><p>b</p><![endif]--><xml>c</xml>",
	  "ac", "b" },
	{ "a<!-- x <b>c</b>", "a", "x c" },
	{ "a<style><b>c</b>", "a", "c" },
	{ "a<svg></svg><style><b>c</b>", "ac", "" }, /* perhaps no style */
	{ "a<!-- <b>x</b> -->b", "ab", "" },
};

static void test_elsewhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parted); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct html_text *t = html_text_read(a, str_of(parted[i].html), 1 << 16);
		if (!str_eq(t->text, str_of(parted[i].text)) ||
		    !str_eq(t->elsewhere, str_of(parted[i].elsewhere)))
			fail_msg("%s: got %.*s and %.*s", parted[i].html, STR_ARG(t->text),
				 STR_ARG(t->elsewhere));
		arena_free(&a);
	}
}

static void test_rest(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct html_text *t = html_text_read(
	    a,
	    STR("<TITLE> My &amp; title</TITLE><form><input type=hidden><input><input type=PassWord></form>"
		"<img src=p width=1 height='1px'><p onclick=x><input>"),
	    1 << 16);

	(void)state;
	assert_true(str_eq(t->title, STR("My & title")));
	assert_int_equal(t->forms.n, 2);
	assert_true(t->forms.v[0].has_password);
	assert_int_equal(t->forms.v[0].inputs, 2);
	assert_false(t->forms.v[1].has_password);
	assert_int_equal(t->images.v[0].width, 1);
	assert_int_equal(t->images.v[0].height, 1);
	assert_int_equal(t->scripts, 1);
	assert_true(str_eq(t->skeleton, STR("title form input input input img p input ")));
	t = html_text_read(a, STR("abcdefgh ijkl"), 10);
	assert_true(t->cut);
	assert_true(str_eq(t->text, STR("abcdefgh ")) || str_eq(t->text, STR("abcdefgh")));
	arena_free(&a);
}

/* Browsers drop white space around a link, and tabs and line ends inside, however long. */
static void test_long_href(void **state)
{
	struct arena *a = arena_new(1 << 22, NULL, NULL);
	static const char *const around[] = { " ", "&#000000000000009;" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(around); i++) {
		struct buf b;
		buf_init(&b, 1 << 20);
		buf_add_c(&b, "<a href=\"");
		while (b.n < 3 * URL_MAX)
			buf_add_c(&b, around[i]);
		buf_add_c(&b, "http:/");
		while (b.n < 6 * URL_MAX)
			buf_add_char(&b, '\t');
		buf_add_c(&b, "/x.test/\">a</a>");
		struct html_text *t = html_text_read(a, buf_str(&b), 1 << 16);
		assert_int_equal(t->links.n, 1);
		assert_true(str_eq(t->links.v[0].href, STR("http://x.test/")));
		buf_free(&b);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),    cmocka_unit_test(test_tag_order),
		cmocka_unit_test(test_entities),  cmocka_unit_test(test_texts),
		cmocka_unit_test(test_links),     cmocka_unit_test(test_rest),
		cmocka_unit_test(test_elsewhere), cmocka_unit_test(test_long_href),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
