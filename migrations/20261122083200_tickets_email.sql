-- Addresses are compared in small letters everywhere: by tickets_address.
drop index tickets_email;
