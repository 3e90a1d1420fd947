/* Tables: grids of the size they say, of zeros and ones. */
#include "base/arena.h"
#include "base/attr.h"
#include "html/cells.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct html_cell_reader r = html_cell_reader_of(a, str_from(data, size));
	struct html_cells cells;

	for (size_t i = 0; i < 100 && html_cells_next(&r, 1, &cells); i++) {
		ASSERT(cells.width >= 1 && cells.width <= CELLS_SIDE);
		ASSERT(cells.height >= 1 && cells.height <= CELLS_SIDE);
		for (size_t k = 0; k < cells.width * cells.height; k++)
			ASSERT(cells.dark[k] <= 1);
	}
	arena_free(&a);
	return 0;
}
