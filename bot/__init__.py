"""The core: a link comes in, a report goes out, a reply is composed."""
