/* Inputs that are more than one piece over and over. */
#ifndef TESTS_LINEAR_MAKE_H
#define TESTS_LINEAR_MAKE_H

#include "cases.h"

typedef void make_fn(const struct linear_case *c, struct buf *b, size_t bytes);

make_fn make_nested;            /* multiparts as deep as the ceiling, then the piece over and over */
make_fn make_two_boundaries;    /* the same with two boundaries on each level */
make_fn make_zeros;             /* before and piece, with zero bytes all over */
make_fn make_inner_links;       /* before and piece are a header; then as many bytes of links */
make_fn make_subject_and_parts; /* before and pieces are a header; then as many bytes of parts */
make_fn make_stray_lines;       /* lines that are no fields, then as many that are */
make_fn make_rules;             /* as many rules of a style sheet as elements they are for */
make_fn make_colliding_rules;   /* elements for rules whose names were chosen to lie in each other's way */

make_fn make_zip_bomb; /* bombs: zeros, bytes of them unpacked */
make_fn make_gzip_bomb, make_bzip2_bomb, make_xz_bomb, make_zstd_bomb;
make_fn make_zip_members;   /* a zip of many members */
make_fn make_zip_one_place; /* that all claim one place */
make_fn make_tar, make_cpio, make_7z, make_iso;
make_fn make_docx;       /* a document whose text is before, piece, after */
make_fn make_xlsx;       /* a sheet of it */
make_fn make_docx_links; /* the same with its list of links */
make_fn make_xls;        /* a workbook of these records */
make_fn make_pdf_over;   /* streams that all reach to the end of the file; piece: what they say before that */
make_fn make_pdf_one_link;  /* as many links as bytes that they all refer to */
make_fn make_ole_macros;    /* storages of macros that hold nothing */
make_fn make_cpio_links;    /* members of many names */
make_fn make_ole_chain;     /* one stream in sectors backwards */
make_fn make_ole_one_chain; /* many streams that all lie in one chain */
make_fn make_ole_circle;    /* many streams in a chain that is a circle */

#endif
