/* The engine's elements, where it lays them out in another way than browsers do. */
#ifndef DRAW_ELEMENTS_H
#define DRAW_ELEMENTS_H

#include <litehtml/litehtml.h>

#include <memory>

/* What stands for an element of this name; null: the engine's own. */
litehtml::element::ptr element_new(const char *tag, const std::shared_ptr<litehtml::document> &document);

#endif
