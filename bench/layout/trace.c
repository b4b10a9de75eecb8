// Preloaded into an agent, notes which of its methods run, in the order of their first run.
//
// A breakpoint stands on each method's first byte; where one is met its address is noted and the byte put back, so that
// each costs a signal once. The threads share the code: whoever comes second finds it mended, and goes on.
//
//   LAYOUT_METHODS  a file of the methods' addresses, in hexadecimal, as they stand in the program
//   LAYOUT_RAN      where to write the addresses of those that ran, with a dot and the process's number behind the name:
//                   four bytes each, then zeros. Mapped, so that it is whole however the process ends
#define _GNU_SOURCE
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { MOST_METHODS = 1 << 18, BREAKPOINT = 0xCC, PAGE = 4096 };

static unsigned char *program; // where it is loaded
static unsigned methods[MOST_METHODS];
static unsigned char first_byte[MOST_METHODS];
static unsigned count;
static unsigned *ran;
static unsigned ran_count;

static int compare(const void *one, const void *other) {
    unsigned a = *(const unsigned *)one, b = *(const unsigned *)other;
    return (a > b) - (a < b);
}

static void give_up(const char *what) {
    perror(what);
    _exit(70);
}

static void met(int signal_number, siginfo_t *info, void *context) {
    (void)info;
    greg_t *next = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    unsigned char *at = (unsigned char *)*next - 1;
    unsigned method = at - program;
    unsigned *found = bsearch(&method, methods, count, sizeof *methods, compare);
    if (!found) { // somebody else's breakpoint
        signal(signal_number, SIG_DFL);
        return;
    }

    *at = first_byte[found - methods];
    ran[__sync_fetch_and_add(&ran_count, 1) % count] = method;
    *next = (greg_t)at;
}

static void begin(void) {
    struct sigaction action = { .sa_sigaction = met, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    sigaction(SIGTRAP, &action, NULL);
    for (unsigned i = 0; i < count; i++)
        program[methods[i]] = BREAKPOINT;
}

static int note_program(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size, (void)unused;
    program = (unsigned char *)info->dlpi_addr;
    return 1; // the first is the program itself
}

static void read_methods(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file)
        give_up(path);

    while (count < MOST_METHODS && fscanf(file, "%x", &methods[count]) == 1)
        count++;

    fclose(file);
    qsort(methods, count, sizeof *methods, compare);
    unsigned from = methods[0] / PAGE * PAGE;
    if (mprotect(program + from, methods[count - 1] - from + PAGE, PROT_READ | PROT_WRITE | PROT_EXEC))
        give_up("mprotect");

    for (unsigned i = 0; i < count; i++)
        first_byte[i] = program[methods[i]];
}

static void map_ran(const char *prefix) {
    char path[PAGE];
    snprintf(path, sizeof path, "%s.%d", prefix, getpid());
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || ftruncate(file, count * sizeof *ran))
        give_up(path);

    ran = mmap(NULL, count * sizeof *ran, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (ran == MAP_FAILED)
        give_up(path);

    close(file);
}

// What starts the agent, and the sink, are not traced.
static int is_agent(void) {
    char words[PAGE] = { 0 };
    int file = open("/proc/self/cmdline", O_RDONLY);
    ssize_t length = read(file, words, sizeof words - 1);
    close(file);
    return length > 0 && strcmp(words + strlen(words) + 1, "run") == 0;
}

// Before the program's first line, while there is one thread.
__attribute__((constructor)) static void load(void) {
    const char *list = getenv("LAYOUT_METHODS"), *prefix = getenv("LAYOUT_RAN");
    if (!list || !prefix || !is_agent())
        return;

    dl_iterate_phdr(note_program, NULL);
    read_methods(list);
    map_ran(prefix);
    begin();
}
