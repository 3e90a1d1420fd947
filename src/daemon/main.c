/* The front door: a command for people, or a role that the supervisor started. */
#include <string.h>

#include "cli/cli.h"
#include "daemon/role.h"

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "role") == 0)
		return role_main(argv[2]);
	return cli_main(argc, argv);
}
