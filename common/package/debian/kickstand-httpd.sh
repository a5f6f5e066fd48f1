
peer=apache2
own_prepare() { :; }
own_purge() { :; }
