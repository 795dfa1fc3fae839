/*
 * sstpsvc.dll: a service that does nothing but run and stop, hosted by svchost.exe as the real SstpSvc is.
 * svchost loads it under the name of any service whose Parameters\ServiceDll points here, and calls ServiceMain.
 */
#include <windows.h>

/* One DLL may be several services of one process: nothing is static, each service has this on its own stack. */
typedef struct {
  SERVICE_STATUS_HANDLE handle;
  HANDLE stop;
  SERVICE_STATUS status;
} Service;

static void enter(Service *service, DWORD state) {
  service->status.dwCurrentState = state;
  service->status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
  SetServiceStatus(service->handle, &service->status);
}

static DWORD WINAPI control(DWORD code, DWORD event, void *data, void *context) {
  Service *service = context;
  (void)event, (void)data;
  if (code == SERVICE_CONTROL_STOP || code == SERVICE_CONTROL_SHUTDOWN) {
    enter(service, SERVICE_STOP_PENDING);
    SetEvent(service->stop);
  } else {
    SetServiceStatus(service->handle, &service->status);
  }
  return NO_ERROR;
}

__declspec(dllexport) void WINAPI ServiceMain(DWORD count, WCHAR **arguments) {
  Service service = {.status.dwServiceType = SERVICE_WIN32_SHARE_PROCESS};
  (void)count;
  service.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
  service.handle = RegisterServiceCtrlHandlerExW(arguments[0], control, &service);
  if (!service.handle) return;
  enter(&service, SERVICE_RUNNING);
  WaitForSingleObject(service.stop, INFINITE);
  CloseHandle(service.stop);
  enter(&service, SERVICE_STOPPED);
}
