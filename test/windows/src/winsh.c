/*
 * winsh.exe: what the OpenSSH server of Windows does with the command of a client.
 *
 * Its default shell is cmd.exe, and it starts, without any escaping,
 *     "c:\windows\system32\cmd.exe" /c "<command>"
 * The forced command of our sshd runs this program, so that wine never rebuilds the command line out of
 * arguments (which would turn every inner quote into \"). The command is read from the environment, where
 * sshd put it. The exit code of cmd.exe is handed on; Linux then cuts it to 8 bits.
 */
#include <stdio.h>
#include <windows.h>

#define LONGEST 32767 /* characters in a command line of CreateProcess, its end included */

static WCHAR command[LONGEST], line[LONGEST];

int main(void) {
  static const WCHAR shell[] = L"\"c:\\windows\\system32\\cmd.exe\" /c \"";
  DWORD length = GetEnvironmentVariableW(L"SSH_ORIGINAL_COMMAND", command, LONGEST);
  if (length == 0) {
    fprintf(stderr, "winsh: this server gives no interactive shell\r\n");
    return 255;
  }
  if (length + lstrlenW(shell) + 2 > LONGEST) {
    fprintf(stderr, "winsh: the command has more characters than a command line can hold\r\n");
    return 255;
  }
  lstrcpyW(line, shell);
  lstrcatW(line, command);
  lstrcatW(line, L"\"");
  SetEnvironmentVariableW(L"SSH_ORIGINAL_COMMAND", NULL);

  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
  startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  PROCESS_INFORMATION cmd;
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &cmd)) {
    fprintf(stderr, "winsh: cannot start cmd.exe, error %lu\r\n", GetLastError());
    return 255;
  }
  WaitForSingleObject(cmd.hProcess, INFINITE);
  DWORD code = 255;
  GetExitCodeProcess(cmd.hProcess, &code);
  return (int)code;
}
