/* The command line: `postern COMMAND ...`, one table of commands (src/cli/commands.c, doc/man/postern.8). */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Runs the command named by argv[1]. Gives the exit status: 0 done, 1 failed, 2 not understood. */
int cli_main(int argc, char **argv);

/* `postern scan` with its own arguments; argv[0] is "scan" (scan.c). */
int cli_scan(int argc, char **argv);

#endif
