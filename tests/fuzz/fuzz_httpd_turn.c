/* SPDX-License-Identifier: ISC */
/*
 * Connections to httpd's worker, chosen by the input: the simulation of
 * tests/sim/sim_httpd.c with every choice - requests, pieces, pauses, aborts,
 * how fast the client reads - taken from the bytes instead of a seed.
 */
#define main sim_httpd_main
int sim_httpd_main(int argc, char *argv[]);
#include "tests/sim/sim_httpd.c"
#undef main

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (conf == NULL)
		make_site();
	sim_feed(data, size);
	play();
	return 0;
}
