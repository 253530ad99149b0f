#!/bin/sh
# Run once, when the data folder is empty: the owner of the tables and the role of the service.
# What the service may do to each table is granted by the migrations.
set -eu

psql --no-psqlrc --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
CREATE ROLE carenet_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE carenet_app LOGIN PASSWORD :'app_password';
CREATE DATABASE carenet OWNER carenet_owner;
REVOKE ALL ON DATABASE carenet FROM PUBLIC;
GRANT CONNECT ON DATABASE carenet TO carenet_app;
SQL
