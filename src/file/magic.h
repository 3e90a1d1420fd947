/*
 * What bytes are by their beginning, whatever their name and declared type say. Containers (OOXML, OLE) are
 * named by their outer form only.
 */
#ifndef FILE_MAGIC_H
#define FILE_MAGIC_H

#include "base/enumtab.h"

#define MAGIC_TYPES(X)                                    \
	X(MAGIC_UNKNOWN, "application/octet-stream")      \
	X(MAGIC_EMPTY, "application/x-empty")             \
	X(MAGIC_TEXT, "text/plain")                       \
	X(MAGIC_HTML, "text/html")                        \
	X(MAGIC_XML, "text/xml")                          \
	X(MAGIC_SVG, "image/svg+xml")                     \
	X(MAGIC_SCRIPT, "text/x-script")                  \
	X(MAGIC_CALENDAR, "text/calendar")                \
	X(MAGIC_RTF, "text/rtf")                          \
	X(MAGIC_PDF, "application/pdf")                   \
	X(MAGIC_POSTSCRIPT, "application/postscript")     \
	X(MAGIC_ZIP, "application/zip")                   \
	X(MAGIC_RAR, "application/x-rar")                 \
	X(MAGIC_7Z, "application/x-7z-compressed")        \
	X(MAGIC_GZIP, "application/gzip")                 \
	X(MAGIC_BZIP2, "application/x-bzip2")             \
	X(MAGIC_XZ, "application/x-xz")                   \
	X(MAGIC_ZSTD, "application/zstd")                 \
	X(MAGIC_CAB, "application/vnd.ms-cab-compressed") \
	X(MAGIC_TAR, "application/x-tar")                 \
	X(MAGIC_ISO, "application/x-iso9660-image")       \
	X(MAGIC_ACE, "application/x-ace-compressed")      \
	X(MAGIC_ARJ, "application/x-arj")                 \
	X(MAGIC_OLE, "application/x-ole-storage")         \
	X(MAGIC_ONENOTE, "application/onenote")           \
	X(MAGIC_TNEF, "application/ms-tnef")              \
	X(MAGIC_LNK, "application/x-ms-shortcut")         \
	X(MAGIC_CHM, "application/vnd.ms-htmlhelp")       \
	X(MAGIC_EXE, "application/x-dosexec")             \
	X(MAGIC_ELF, "application/x-executable")          \
	X(MAGIC_MACHO, "application/x-mach-binary")       \
	X(MAGIC_JAVA, "application/java-vm")              \
	X(MAGIC_PNG, "image/png")                         \
	X(MAGIC_JPEG, "image/jpeg")                       \
	X(MAGIC_GIF, "image/gif")                         \
	X(MAGIC_BMP, "image/bmp")                         \
	X(MAGIC_TIFF, "image/tiff")                       \
	X(MAGIC_WEBP, "image/webp")                       \
	X(MAGIC_ICO, "image/vnd.microsoft.icon")
ENUM_DECLARE(magic_type, MAGIC_TYPES);

/* Looks at the beginning only, and at one fixed place further in for tar and ISO images. */
enum magic_type magic_of(struct str bytes);

#endif
