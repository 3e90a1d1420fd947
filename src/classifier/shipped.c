/* The model that comes with the program, which is part of it (model/postern.model). */
#include <pthread.h>

#include "classifier/classifier.h"

extern const char classifier_shipped_begin[], classifier_shipped_end[];

static struct classifier shipped;

static void read_shipped(void)
{
	struct errbuf eb;
	struct str bytes =
	    str_from(classifier_shipped_begin, (size_t)(classifier_shipped_end - classifier_shipped_begin));

	ASSERT(classifier_read(bytes, &shipped, &eb) == OK);
}

const struct classifier *classifier_shipped(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, read_shipped);
	return &shipped;
}
