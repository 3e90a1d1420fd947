/*
 * Links that lead through somebody's gateway: mail security products rewrite every link they pass on, mailing services count clicks, and search engines,
 * social networks and mailers forward to an address that stands in the link. Where it really leads is read out of the
 * link itself; nothing is fetched. A wrapper whose links hold no address cannot be undone, and is no wrapper here.
 */
#ifndef URL_WRAP_H
#define URL_WRAP_H

#include "base/enumtab.h"
#include "url/url.h"

#define URL_WRAPS(X)                                                                    \
	X(URL_PLAIN, "")              /* leads where it says */                         \
	X(URL_REWRITTEN, "rewritten") /* by a mail security product */                  \
	X(URL_COUNTED, "counted")     /* by a mailing service, which counts clicks */   \
	X(URL_FORWARDED, "forwarded") /* by a well-known site that forwards anywhere */ \
	X(URL_REDIRECTED,                                                               \
	  "redirected") /* another address stands whole in a parameter: maybe an open redirect */
ENUM_DECLARE(url_wrap, URL_WRAPS);

#define URL_LAYERS_MAX 20 /* as many redirects as browsers follow */

/*
 * One layer: what kind of wrapper u is and where it leads, in the arena. URL_PLAIN: it is none, and *out is as it was.
 * Of some rewriters only the host is told; then *out is "http://host/".
 */
enum url_wrap url_unwrap(struct arena *a, const struct url *u, struct url *out);

/*
 * All layers, at most URL_LAYERS_MAX; gives the outermost kind. URL_REDIRECTED layers are not followed: such a parameter may
 * as well tell where the reader came from.
 */
enum url_wrap url_unwrap_all(struct arena *a, const struct url *u, struct url *out);

#endif
