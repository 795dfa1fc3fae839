/*
 * replay.exe: stands where wine has only a stub that prints nothing and says 0.
 *
 * Installed as system32\netsh.exe, wevtutil.exe and so on, it prints the recorded bytes of
 *     C:\fixtures\<program>\<hash>.out and .err      and exits with the number in .rc
 * <hash> is the 32-bit FNV-1a, as 8 lower-case hexadecimal digits, of what follows the program's name on the
 * command line: in UTF-8, quotes included, A-Z in lower case, runs of blanks as one, none around it.
 * A `wevtutil qe LOG ...` that is not recorded as such is answered by the recording of `qe LOG`.
 * A call without a recording says so and exits with 87: never silent, never 0.
 */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define UNRECORDED 87
#define LONGEST (3 * 32767 + 1) /* bytes of a command line in UTF-8 */

typedef char Path[2 * MAX_PATH];

static int blank(char c) { return c == ' ' || c == '\t'; }

/* What follows the name of the program, which may stand in quotes; in the form that is hashed. */
static void read_arguments(char *line) {
  char *from = line, *to = line;
  WideCharToMultiByte(CP_UTF8, 0, GetCommandLineW(), -1, line, LONGEST, NULL, NULL);
  for (int quoted = 0; *from && (quoted || !blank(*from)); from++) {
    if (*from == '"') quoted = !quoted;
  }
  for (; *from; from++) {
    if (!blank(*from)) *to++ = *from >= 'A' && *from <= 'Z' ? *from + ('a' - 'A') : *from;
    else if (to > line && to[-1] != ' ') *to++ = ' ';
  }
  if (to > line && to[-1] == ' ') to--;
  *to = 0;
}

/* The program that we are installed as: lower case, no folder, no extension. */
static void read_own_name(Path name) {
  Path path;
  GetModuleFileNameA(NULL, path, sizeof path);
  snprintf(name, sizeof(Path), "%s", strrchr(path, '\\') + 1);
  *strrchr(name, '.') = 0;
  _strlwr(name);
}

static unsigned fnv1a(const char *text) {
  unsigned hash = 2166136261u;
  for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
  return hash;
}

static FILE *open_part(const char *base, const char *extension) {
  Path path;
  snprintf(path, sizeof path, "%s.%s", base, extension);
  return fopen(path, "rb");
}

/* Looks for the recording of a call: its path without extension, and its exit code. */
static int find(const char *name, const char *arguments, Path base, int *code) {
  snprintf(base, sizeof(Path), "C:\\fixtures\\%s\\%08x", name, fnv1a(arguments));
  FILE *ending = open_part(base, "rc");
  if (!ending) return 0;
  int found = fscanf(ending, "%d", code) == 1;
  fclose(ending);
  return found;
}

/* `qe "LOG" ...` as `qe LOG`. */
static void keep_log_only(char *arguments) {
  char *to = arguments + 3, *from = to + (*to == '"');
  size_t length = strcspn(from, "\" ");
  memmove(to, from, length);
  to[length] = 0;
}

static int print(const char *base, const char *extension, FILE *to) {
  FILE *from = open_part(base, extension);
  if (!from) return 0;
  char bytes[65536];
  size_t count;
  while ((count = fread(bytes, 1, sizeof bytes, from)) > 0) fwrite(bytes, 1, count, to);
  fclose(from);
  return fflush(to) == 0;
}

int main(void) {
  static char arguments[LONGEST], log[LONGEST];
  Path name, base, log_base;
  int code;
  _setmode(_fileno(stdout), _O_BINARY);
  _setmode(_fileno(stderr), _O_BINARY);
  read_own_name(name);
  read_arguments(arguments);
  int found = find(name, arguments, base, &code);
  if (!found && strcmp(name, "wevtutil") == 0 && strncmp(arguments, "qe ", 3) == 0) {
    strcpy(log, arguments);
    keep_log_only(log);
    found = find(name, log, log_base, &code);
    if (found) strcpy(base, log_base);
  }
  if (found && print(base, "out", stdout) && print(base, "err", stderr)) return code;
  fprintf(stderr, "replay: no recording %s of: %s %s\r\n", base, name, arguments);
  return UNRECORDED;
}
