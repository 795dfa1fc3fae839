/*
 * reg.exe: wine's own reg.exe, kept beside this one as wine-reg.exe, with its answer told as Windows tells it.
 *
 * Whatever wine-reg.exe says when it fails goes to stderr: on Windows, stdout is empty then. And `query KEY /s` names a
 * key that holds nothing, where wine prints a blank line alone. All else is passed on as it is.
 *
 * None of our programs may need user32.dll or shell32.dll, which in wine takes longer to load than all else takes to run.
 */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define LONGEST 32767

typedef struct {
  char *bytes;
  size_t length;
  DWORD code;
} Answer;

/* The command line with another program in it. */
static WCHAR *for_wine(void) {
  static WCHAR line[LONGEST] = L"wine-reg.exe";
  const WCHAR *from = GetCommandLineW();
  for (int quoted = 0; *from && (quoted || *from != ' '); from++) {
    if (*from == '"') quoted = !quoted;
  }
  wcsncat(line, from, LONGEST - wcslen(line) - 1);
  return line;
}

static void read_all(HANDLE pipe, Answer *answer) {
  char bytes[65536];
  DWORD count;
  while (ReadFile(pipe, bytes, sizeof bytes, &count, NULL) && count) {
    answer->bytes = realloc(answer->bytes, answer->length + count);
    if (!answer->bytes) abort();
    memcpy(answer->bytes + answer->length, bytes, count);
    answer->length += count;
  }
}

/* Runs wine-reg.exe to its end; both its streams come as one. */
static int ask_wine(Answer *answer) {
  SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  PROCESS_INFORMATION wine;
  HANDLE reader, writer;
  if (!CreatePipe(&reader, &writer, &inherited, 0)) return 0;
  SetHandleInformation(reader, HANDLE_FLAG_INHERIT, 0);
  startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  startup.hStdOutput = startup.hStdError = writer;
  if (!CreateProcessW(NULL, for_wine(), NULL, NULL, TRUE, 0, NULL, NULL, &startup, &wine)) return 0;
  CloseHandle(writer);
  read_all(reader, answer);
  WaitForSingleObject(wine.hProcess, INFINITE);
  return GetExitCodeProcess(wine.hProcess, &answer->code);
}

static int blank(const Answer *answer) {
  for (size_t at = 0; at < answer->length; at++) {
    if (!strchr(" \r\n", answer->bytes[at])) return 0;
  }
  return 1;
}

/* The key of `query KEY ... /s ...`, or NULL. */
static const WCHAR *queried_tree(int count, WCHAR **words) {
  for (int at = 3; at < count; at++) {
    if (_wcsicmp(words[1], L"query") == 0 && _wcsicmp(words[at], L"/s") == 0) return words[2];
  }
  return NULL;
}

static void print_key(const WCHAR *key) {
  static char line[3 * LONGEST];
  int is_short = _wcsnicmp(key, L"HKLM\\", 5) == 0;
  WideCharToMultiByte(CP_OEMCP, 0, is_short ? key + 5 : key, -1, line, sizeof line, NULL, NULL);
  printf("\r\n%s%s\r\n", is_short ? "HKEY_LOCAL_MACHINE\\" : "", line);
}

int wmain(int count, WCHAR **words) {
  Answer answer = {0};
  const WCHAR *tree = queried_tree(count, words);
  _setmode(_fileno(stdout), _O_BINARY);
  _setmode(_fileno(stderr), _O_BINARY);
  if (!ask_wine(&answer)) {
    fprintf(stderr, "reg: wine-reg.exe cannot be run, error %lu\r\n", GetLastError());
    return 255;
  }
  if (answer.code == 0 && tree && blank(&answer)) print_key(tree);
  else fwrite(answer.bytes, 1, answer.length, answer.code == 0 ? stdout : stderr);
  return (int)answer.code;
}
