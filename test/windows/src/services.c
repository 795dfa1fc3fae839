/*
 * stand-in-services.exe NAME:TYPE:STATE:CODE ...: makes the service control manager say this of services, all by itself: it
 * would take sc.exe twenty calls, each of which starts a program.
 *
 * TYPE is hexadecimal, as sc.exe prints it; STATE is 4 (runs) or 1 (stopped); CODE is 1077 for what never ran. HTTP is wine's
 * own driver, and is deleted where it is not named; another driver (type 1) is wine's ksecdd.sys, which does nothing; each of
 * the others is stand-in.dll in a svchost.exe of its own.
 */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#define NEVER_STARTED 1077
#define LONGEST_MS 30000
#define SVCHOST L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Svchost"
#define DRIVER L"C:\\windows\\system32\\drivers\\ksecdd.sys"
#define DLL L"C:\\windows\\system32\\stand-in.dll"

typedef struct {
  WCHAR name[80];
  DWORD type, state, code;
  SC_HANDLE handle;
} Service;

static int fail(const Service *service, const char *what) {
  fprintf(stderr, "%ls %s, error %lu\n", service->name, what, GetLastError());
  return 0;
}

static int is_http(const Service *service) { return wcscmp(service->name, L"HTTP") == 0; }

static int create_driver(SC_HANDLE manager, Service *service) {
  service->handle = CreateServiceW(manager, service->name, NULL, SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER,
                                   SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, DRIVER, NULL, NULL, NULL, NULL, NULL);
  return service->handle != NULL;
}

/* What svchost.exe and the service control manager need to start it. */
static int create(SC_HANDLE manager, Service *service) {
  if (service->type == SERVICE_KERNEL_DRIVER) return create_driver(manager, service);
  WCHAR host[160], parameters[160], names[81] = {0};
  _snwprintf(host, 160, L"C:\\windows\\system32\\svchost.exe -k %ls", service->name);
  _snwprintf(parameters, 160, L"SYSTEM\\CurrentControlSet\\Services\\%ls\\Parameters", service->name);
  wcscpy(names, service->name);
  DWORD length = (wcslen(names) + 2) * sizeof(WCHAR);
  if (RegSetKeyValueW(HKEY_LOCAL_MACHINE, SVCHOST, names, REG_MULTI_SZ, names, length)) return 0;
  if (RegSetKeyValueW(HKEY_LOCAL_MACHINE, parameters, L"ServiceDll", REG_SZ, DLL, sizeof DLL)) return 0;
  service->handle = CreateServiceW(manager, names, NULL, SERVICE_ALL_ACCESS, SERVICE_WIN32_SHARE_PROCESS,
                                   SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, host, NULL, NULL, NULL, NULL, NULL);
  return service->handle != NULL;
}

static int await(const Service *service, DWORD state) {
  SERVICE_STATUS status;
  for (DWORD waited = 0; waited < LONGEST_MS; waited += 10) {
    if (!QueryServiceStatus(service->handle, &status)) return 0;
    if (status.dwCurrentState == state) return 1;
    Sleep(10);
  }
  return 0;
}

static int play(const Service *service) {
  SERVICE_STATUS status;
  if (service->code == NEVER_STARTED) return 1;
  if (!StartServiceW(service->handle, 0, NULL) || !await(service, SERVICE_RUNNING)) return fail(service, "does not start");
  if (service->state == SERVICE_RUNNING) return 1;
  if (!ControlService(service->handle, SERVICE_CONTROL_STOP, &status) || !await(service, SERVICE_STOPPED))
    return fail(service, "does not stop");
  return 1;
}

static int check(const Service *service) {
  SERVICE_STATUS found;
  if (!QueryServiceStatus(service->handle, &found)) return fail(service, "says nothing");
  if (found.dwServiceType == service->type && found.dwCurrentState == service->state &&
      found.dwWin32ExitCode == service->code) return 1;
  fprintf(stderr, "%ls has type, state and exit code %lx %lu %lu, where %lx %lu %lu is described\n", service->name,
          found.dwServiceType, found.dwCurrentState, found.dwWin32ExitCode, service->type, service->state, service->code);
  return 0;
}

int wmain(int count, WCHAR **words) {
  static Service services[64];
  int has_http = 0;
  SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
  if (!manager || count > 64) return fprintf(stderr, "error %lu\n", GetLastError()), 1;
  for (int at = 1; at < count; at++) {
    Service *service = &services[at];
    if (swscanf(words[at], L"%79l[^:]:%lx:%lu:%lu", service->name, &service->type, &service->state, &service->code) != 4)
      return fprintf(stderr, "%ls is no NAME:TYPE:STATE:CODE\n", words[at]), 87;
    if (!is_http(service) && !create(manager, service)) return fail(service, "cannot be created"), 1;
  }
  /* One after the other: a start that waits for another one for more than 3 s fails. */
  for (int at = 1; at < count; at++) {
    Service *service = &services[at];
    if (is_http(service)) has_http = 1, service->handle = OpenServiceW(manager, service->name, SERVICE_ALL_ACCESS);
    if (!play(service)) return 1;
  }
  for (int at = 1; at < count; at++) {
    if (!check(&services[at])) return 1;
  }
  if (has_http) return 0;
  return DeleteService(OpenServiceW(manager, L"HTTP", SERVICE_ALL_ACCESS)) ? 0 : 1;
}
