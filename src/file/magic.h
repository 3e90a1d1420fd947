/*
 * What bytes are by their beginning, whatever their name and declared type say. What a container (zip, OLE) is made
 * into by its contents, such as a letter in DOCX, is said by whoever looks inside (contents.h).
 */
#ifndef FILE_MAGIC_H
#define FILE_MAGIC_H

#include "base/enumtab.h"
#include "file/name.h"

/* clang-format off */
#define MAGIC_TYPES(X) \
	X(MAGIC_UNKNOWN, "application/octet-stream") \
	X(MAGIC_EMPTY, "application/x-empty") \
	X(MAGIC_TEXT, "text/plain") \
	X(MAGIC_HTML, "text/html") \
	X(MAGIC_XML, "text/xml") \
	X(MAGIC_SVG, "image/svg+xml") \
	X(MAGIC_SCRIPT, "text/x-script") \
	X(MAGIC_CALENDAR, "text/calendar") \
	X(MAGIC_MAIL, "message/rfc822") \
	X(MAGIC_RTF, "text/rtf") \
	X(MAGIC_PDF, "application/pdf") \
	X(MAGIC_POSTSCRIPT, "application/postscript") \
	X(MAGIC_ZIP, "application/zip") \
	X(MAGIC_RAR, "application/x-rar") \
	X(MAGIC_7Z, "application/x-7z-compressed") \
	X(MAGIC_GZIP, "application/gzip") \
	X(MAGIC_BZIP2, "application/x-bzip2") \
	X(MAGIC_XZ, "application/x-xz") \
	X(MAGIC_LZIP, "application/x-lzip") \
	X(MAGIC_LZ4, "application/x-lz4") \
	X(MAGIC_ZSTD, "application/zstd") \
	X(MAGIC_COMPRESS, "application/x-compress") \
	X(MAGIC_CAB, "application/vnd.ms-cab-compressed") \
	X(MAGIC_TAR, "application/x-tar") \
	X(MAGIC_CPIO, "application/x-cpio") \
	X(MAGIC_AR, "application/x-archive") \
	X(MAGIC_LHA, "application/x-lzh-compressed") \
	X(MAGIC_XAR, "application/x-xar") \
	X(MAGIC_SZDD, "application/x-ms-compress-szdd") \
	X(MAGIC_BINHEX, "application/mac-binhex40") \
	X(MAGIC_SIS, "application/vnd.symbian.install") \
	X(MAGIC_ACE, "application/x-ace-compressed") \
	X(MAGIC_ARJ, "application/x-arj") \
	X(MAGIC_ISO, "application/x-iso9660-image") \
	X(MAGIC_UDF, "application/x-udf-image") \
	X(MAGIC_VHD, "application/x-virtualbox-vhd") \
	X(MAGIC_VHDX, "application/x-virtualbox-vhdx") \
	X(MAGIC_VMDK, "application/x-virtualbox-vmdk") \
	X(MAGIC_WIM, "application/x-ms-wim") \
	X(MAGIC_OLE, "application/x-ole-storage") \
	X(MAGIC_DOC, "application/msword") \
	X(MAGIC_XLS, "application/vnd.ms-excel") \
	X(MAGIC_PPT, "application/vnd.ms-powerpoint") \
	X(MAGIC_MSG, "application/vnd.ms-outlook") \
	X(MAGIC_MSI, "application/x-msi") \
	X(MAGIC_DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document") \
	X(MAGIC_XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") \
	X(MAGIC_PPTX, "application/vnd.openxmlformats-officedocument.presentationml.presentation") \
	X(MAGIC_ODT, "application/vnd.oasis.opendocument.text") \
	X(MAGIC_ODS, "application/vnd.oasis.opendocument.spreadsheet") \
	X(MAGIC_ODP, "application/vnd.oasis.opendocument.presentation") \
	X(MAGIC_JAR, "application/java-archive") \
	X(MAGIC_APK, "application/vnd.android.package-archive") \
	X(MAGIC_ONENOTE, "application/onenote") \
	X(MAGIC_TNEF, "application/ms-tnef") \
	X(MAGIC_ACTIVEMIME, "application/x-mso") \
	X(MAGIC_LNK, "application/x-ms-shortcut") \
	X(MAGIC_CHM, "application/vnd.ms-htmlhelp") \
	X(MAGIC_EXE, "application/x-dosexec") \
	X(MAGIC_ELF, "application/x-executable") \
	X(MAGIC_MACHO, "application/x-mach-binary") \
	X(MAGIC_JAVA, "application/java-vm") \
	X(MAGIC_PNG, "image/png") \
	X(MAGIC_JPEG, "image/jpeg") \
	X(MAGIC_GIF, "image/gif") \
	X(MAGIC_BMP, "image/bmp") \
	X(MAGIC_TIFF, "image/tiff") \
	X(MAGIC_WEBP, "image/webp") \
	X(MAGIC_ICO, "image/vnd.microsoft.icon")
/* clang-format on */
ENUM_DECLARE(magic_type, MAGIC_TYPES);

/* Looks at the beginning, at fixed places further in for disk images, and at the last sector. */
enum magic_type magic_of(struct str bytes);

/* The kind of name that a file of the type has when it is honest. */
enum name_kind magic_kind(enum magic_type type);

#endif
