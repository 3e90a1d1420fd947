/* The names of the defects. */
#include "mime/defect.h"

ENUM_DEFINE(mime_defect, MIME_DEFECTS);
