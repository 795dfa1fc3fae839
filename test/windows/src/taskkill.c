/*
 * taskkill.exe: `taskkill /T /F /PID number` ends a process and all that it started, which wine's own does not know.
 * Every other call says so and ends with 87.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
/* Needs the one above. */
#include <tlhelp32.h>

#define LIMIT 1024

static PROCESSENTRY32 all[LIMIT];
static int count;

static void look(void) {
  HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  PROCESSENTRY32 entry = {.dwSize = sizeof entry};
  for (BOOL found = Process32First(snapshot, &entry); found && count < LIMIT; found = Process32Next(snapshot, &entry)) {
    all[count++] = entry;
  }
  CloseHandle(snapshot);
}

/* Children first: what was started before it ends is still known as a child then. */
static int end(DWORD pid) {
  for (int at = 0; at < count; at++) {
    if (all[at].th32ParentProcessID == pid && all[at].th32ProcessID != pid) end(all[at].th32ProcessID);
  }
  HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, pid);
  if (!process) return 0;
  int ended = TerminateProcess(process, 1);
  CloseHandle(process);
  return ended;
}

int main(int arguments, char **words) {
  if (arguments != 5 || strcmp(words[1], "/T") || strcmp(words[2], "/F") || strcmp(words[3], "/PID")) {
    fprintf(stderr, "taskkill: this stand-in knows /T /F /PID number only\r\n");
    return 87;
  }
  look();
  if (end((DWORD)strtoul(words[4], NULL, 10))) return 0;
  fprintf(stderr, "ERROR: The process \"%s\" not found.\r\n", words[4]);
  return 128;
}
