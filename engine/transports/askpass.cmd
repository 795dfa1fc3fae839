@rem ssh asks this program for the password, so that it stands in no argument list. Any other question gets no answer.
@if not "%~1"=="%SSTP_AUDIT_SSH_QUESTION%" exit /b 1
@setlocal EnableDelayedExpansion
@echo(!SSTP_AUDIT_SSH_PASSWORD!
