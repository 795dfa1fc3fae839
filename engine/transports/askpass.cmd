@rem ssh asks this program for the password, so that it stands in no argument list.
@setlocal EnableDelayedExpansion
@echo(!SSTP_AUDIT_SSH_PASSWORD!
