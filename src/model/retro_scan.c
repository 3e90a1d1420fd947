/* The tables of retro scans. */
#include "model/retro_scan.h"

ENUM_DEFINE(retro_state, RETRO_STATES);
FIELDS_DEFINE(retro_count, RETRO_COUNT);
FIELDS_DEFINE(retro_scan, RETRO_SCAN);
FIELDS_DEFINE(retro_report, RETRO_REPORT);
