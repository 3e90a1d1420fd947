/* Office documents of the newer kind that need a password (MS-OFFCRYPTO §2.3.4): standard and agile encryption by AES. */
#ifndef FILE_OOXML_LOCK_H
#define FILE_OOXML_LOCK_H

#include "file/internal.h"

/* info, package: the streams EncryptionInfo and EncryptedPackage. The document, if a password opens it; else "". */
struct str ooxml_unlock(struct look *l, struct str info, struct str package);

#endif
