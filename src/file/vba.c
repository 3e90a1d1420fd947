/* Decompressing module streams, and the words that count in them. */
#include "file/vba.h"

#include <stdlib.h>

#include "base/abnf.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "file/bytes.h"

#define CHUNK_BYTES 4096 /* of source, in each chunk */
#define WORD_MAX 40      /* longer words are none of ours */

/* One chunk (MS-OVBA §2.4.1.3.2): literal bytes and copies of what came before in it, a flag byte for eight. */
static void read_chunk(struct str chunk, struct buf *out)
{
	size_t start = out->n;

	for (size_t at = 0; at < chunk.n && out->n - start < CHUNK_BYTES;) {
		unsigned flags = (unsigned char)chunk.p[at++];
		for (unsigned i = 0; i < 8 && at < chunk.n && out->n - start < CHUNK_BYTES; i++) {
			if (!(flags >> i & 1)) {
				buf_add_char(out, chunk.p[at++]);
				continue;
			}
			size_t done = out->n - start;
			unsigned token = bytes_le16(chunk, at), bits = 4;
			while ((size_t)1 << bits < done)
				bits++; /* as many bits tell how far back as are needed by now */
			size_t length = (token & (0xffffu >> bits)) + 3, back = (token >> (16 - bits)) + 1;
			at += 2;
			for (; length > 0 && back <= done && out->n - start < CHUNK_BYTES; length--) {
				buf_add_char(out, out->n ? out->p[out->n - back] : ' ');
				if (!buf_ok(out))
					return;
			}
		}
	}
}

struct str vba_source(struct arena *a, struct str stream, size_t max)
{
	/* Every source begins with "Attribute VB_Name"; compressed, with a flag byte before and after eight letters. */
	size_t found = str_find(stream, STR("\0Attribut"), 0);
	struct buf b;

	if (found == SIZE_MAX || found < 3 || stream.p[found - 3] != 1)
		return STR_NONE;
	buf_init(&b, max);
	for (size_t at = found - 2; at + 2 <= stream.n && buf_ok(&b);) {
		unsigned header = bytes_le16(stream, at);
		size_t length = (header & 0xfff) + 1;
		struct str chunk = bytes_at(stream, at + 2, length);
		if ((header >> 12 & 7) != 3)
			break;
		if (header & 0x8000)
			read_chunk(chunk, &b);
		else
			buf_add(&b, chunk);
		at += 2 + length;
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

enum meaning { NOTHING, AUTOMATIC, SYSTEM };

struct word {
	const char *text;
	enum meaning meaning;
};

/* clang-format off */
static const struct word words[] = { /* sorted */
	{ "adodb.stream", SYSTEM }, { "auto_close", AUTOMATIC }, { "auto_open", AUTOMATIC },
	{ "autoclose", AUTOMATIC }, { "autoexec", AUTOMATIC }, { "autoexit", AUTOMATIC },
	{ "autonew", AUTOMATIC }, { "autoopen", AUTOMATIC }, { "bitsadmin", SYSTEM },
	{ "callwindowproc", SYSTEM }, { "callwindowproca", SYSTEM }, { "certutil", SYSTEM }, { "cmd.exe", SYSTEM },
	{ "createthread", SYSTEM }, { "cscript", SYSTEM }, { "cscript.exe", SYSTEM },
	{ "document_beforeclose", AUTOMATIC }, { "document_close", AUTOMATIC }, { "document_new", AUTOMATIC },
	{ "document_open", AUTOMATIC }, { "enumsystemlocalesa", SYSTEM }, { "internetopenurl", SYSTEM },
	{ "internetopenurla", SYSTEM }, { "microsoft.xmlhttp", SYSTEM }, { "mshta", SYSTEM },
	{ "mshta.exe", SYSTEM }, { "msxml2.serverxmlhttp", SYSTEM }, { "msxml2.serverxmlhttp.6.0", SYSTEM },
	{ "msxml2.xmlhttp", SYSTEM }, { "msxml2.xmlhttp.6.0", SYSTEM }, { "powershell", SYSTEM },
	{ "powershell.exe", SYSTEM }, { "pwsh", SYSTEM }, { "regsvr32", SYSTEM }, { "regsvr32.exe", SYSTEM },
	{ "rtlmovememory", SYSTEM }, { "rundll32", SYSTEM }, { "rundll32.exe", SYSTEM },
	{ "schedule.service", SYSTEM }, { "schtasks", SYSTEM }, { "shell", SYSTEM },
	{ "shell.application", SYSTEM }, { "shellexecute", SYSTEM }, { "shellexecutea", SYSTEM },
	{ "urldownloadtofile", SYSTEM }, { "urldownloadtofilea", SYSTEM }, { "virtualalloc", SYSTEM },
	{ "virtualprotect", SYSTEM }, { "win32_process", SYSTEM }, { "winhttp.winhttprequest.5.1", SYSTEM },
	{ "winmgmts", SYSTEM }, { "workbook_activate", AUTOMATIC }, { "workbook_beforeclose", AUTOMATIC },
	{ "workbook_open", AUTOMATIC }, { "writeprocessmemory", SYSTEM }, { "wscript", SYSTEM },
	{ "wscript.exe", SYSTEM }, { "wscript.shell", SYSTEM },
};
/* clang-format on */

static int compare_word(const void *text, const void *word)
{
	return strcmp(text, ((const struct word *)word)->text);
}

static enum meaning meaning_of(struct str word)
{
	char z[WORD_MAX + 1];

	if (word.n > WORD_MAX)
		return NOTHING;
	for (size_t i = 0; i < word.n; i++)
		z[i] = ascii_lower(word.p[i]);
	z[word.n] = 0;
	/* Events of pictures and frames on the page, whatever those are named. */
	if (str_ends(str_from(z, word.n), STR("_painted")) || str_ends(str_from(z, word.n), STR("_layout")))
		return AUTOMATIC;
	const struct word *w = bsearch(z, words, ARRAY_LEN(words), sizeof(words[0]), compare_word);
	return w ? w->meaning : NOTHING;
}

static bool is_word_char(char c)
{
	return abnf_is_alnum((unsigned char)c) || c == '_' || c == '.';
}

static void note(struct str word, struct vba_words *out)
{
	enum meaning m = meaning_of(word);

	if (m == AUTOMATIC && !out->automatic.n)
		out->automatic = word;
	if (m == SYSTEM && !out->system.n)
		out->system = word;
}

void vba_read_words(struct str source, struct vba_words *out)
{
	for (size_t at = 0; at < source.n;) {
		size_t from = at;
		while (at < source.n && is_word_char(source.p[at]))
			at++;
		struct str word = str_sub(source, from, at);
		size_t dot = str_rfind_char(word, '.');
		note(word, out);
		if (dot != SIZE_MAX)
			note(str_sub(word, dot + 1, word.n), out);
		at += at == from;
	}
}
