/* From findings to one disposition, and the texts that say why. */
#ifndef SCAN_ASSEMBLE_H
#define SCAN_ASSEMBLE_H

#include "model/detection_settings.h"
#include "model/verdict.h"

struct arena;

/* Name of the finding of a correction. */
#define CAMPAIGN "campaign"
#define CAMPAIGN_CONFIRMED CAMPAIGN ".confirmed"

/* suppressed_by of what these took away, with which one behind it, and of a correction's own finding once it is undone. */
#define BY_CORRECTION "correction "
#define BY_OWN_BOUNCE "bounce of "
#define BY_UNDOING "the correction was undone"

/* Takes SPAM, SPOOF and BULK findings away in the name of an acceptable sender; they are kept and say so. */
void assemble_suppress(struct finding *v, size_t n, struct str pattern);

/* Takes away, in the name of a correction, what is worse than it says, but for attachments and policies. */
void assemble_excuse(struct finding *v, size_t n, enum disposition to, struct str by);
/* Whether a finding speaks for more than that and may not be taken away so. */
bool assemble_stands(const struct finding *f, enum disposition to);

/* Worst first, then heaviest, then in the order found; suppressed ones last. */
void assemble_sort(struct finding *v, size_t n);

/* The final disposition, by where the account put the levels. Suppressed findings do not count. */
enum disposition assemble_decide(const struct finding *v, size_t n,
				 const struct detection_settings *settings);

/* "Sentence : Field=value", defanged, of the findings that count. */
struct strs assemble_reasons(struct arena *a, const struct finding *v, size_t n);

/* Categories of the findings that count, each once, in their order. */
struct threat_category_list assemble_categories(struct arena *a, const struct finding *v, size_t n);

#endif
