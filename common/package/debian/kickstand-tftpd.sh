
peer=tftpd-hpa
own_prepare() {
	getent passwd tftp >/dev/null || useradd --system --user-group --no-create-home \
	    --home-dir /srv/tftp --shell /usr/sbin/nologin tftp
}
own_purge() { :; }
