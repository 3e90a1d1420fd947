/* Objects that documents embed and link: packages of files (Ole10Native, OLE 1) and monikers with URLs. */
#ifndef FILE_OLE_OBJECT_H
#define FILE_OLE_OBJECT_H

#include "file/internal.h"

/* A package: label, path and the file itself. Where it is no package, all of it becomes a member without a name. */
void ole_object_package(struct look *l, struct str native);

/* The embedded or linked object of OLE 1 (MS-OLEDS §2.2), as RTF has it. */
void ole_object_ole1(struct look *l, struct str object);

/* The URLs of all URL monikers in the bytes (MS-OSHARED §2.3.7.6): links, and evidence of the trait where one is named. */
void ole_object_monikers(struct look *l, struct str bytes, const enum file_trait *trait);

#endif
