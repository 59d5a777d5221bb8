/* Writes down what a process changes below a folder: every call that makes, writes, cuts, syncs, names or removes.
 *
 * POWERLOSS_ROOT is the folder (absolute, without links), POWERLOSS_LOG the file that records are appended to, by all
 * processes of a run, each record after its call has been done. Not seen: writes through a mapping (told as MAP), and
 * what libc writes for itself through stdio.
 *
 * A record: struct record, then `path` bytes, then `other` bytes (the second name of a rename), then `data` bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAGIC 0x50574c53u
#define MOST_FILES 65536
#define COPY_PIECE (1 << 20)

enum { OPEN = 1, WRITE, CUT, SYNC, RENAME, UNLINK, LINK, MAKE_FOLDER, REMOVE_FOLDER, CLOSE, MAP, SYNC_ALL };

struct record {
    uint32_t magic, what;
    uint64_t inode, offset; /* the file that is meant; where the data go, or the new length */
    uint32_t path, other, data, made;
};

static char root[PATH_MAX];
static size_t root_length;
static int log_file = -1;
static uint64_t inodes[MOST_FILES]; /* by descriptor: what lies below the folder; 0 for all else */
static pid_t owner; /* a child between vfork and exec shares this memory, and must not change it */

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static void take_over(void) { owner = getpid(); }

static void follow(int file, uint64_t inode) {
    if (file >= 0 && file < MOST_FILES && inodes[file] != inode && getpid() == owner) inodes[file] = inode;
}

__attribute__((constructor)) static void begin(void) {
    take_over();
    pthread_atfork(NULL, NULL, take_over);
    const char *folder = getenv("POWERLOSS_ROOT"), *log_path = getenv("POWERLOSS_LOG");
    if (!folder || !log_path || strlen(folder) >= sizeof root) return;
    REAL(int, "open", const char *, int, ...);
    int found = real(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (found < 0) {
        perror("powerloss_shim: POWERLOSS_LOG");
        _exit(97);
    }
    log_file = fcntl(found, F_DUPFD_CLOEXEC, 900); /* out of the way of those who count descriptors */
    if (log_file < 0) log_file = found; else syscall(SYS_close, found);
    strcpy(root, folder);
    root_length = strlen(root);
}

static void note(uint32_t what, uint64_t inode, uint64_t offset, const char *path, const char *other,
                 const void *data, size_t size, uint32_t made) {
    if (log_file < 0) return;
    int before = errno;
    struct record head = {MAGIC, what, inode, offset, path ? strlen(path) : 0, other ? strlen(other) : 0, size, made};
    struct iovec pieces[] = {
        {&head, sizeof head}, {(void *)path, head.path}, {(void *)other, head.other}, {(void *)data, size}};
    size_t whole = sizeof head + head.path + head.other + size;
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    if (real(log_file, pieces, 4) != (ssize_t)whole) {
        static const char words[] = "powerloss_shim: the log cannot be written\n";
        if (syscall(SYS_write, 2, words, sizeof words - 1)) _exit(97);
        _exit(97);
    }
    errno = before;
}

/* `path` as it stands below the folder, without its last link being followed; NULL for what lies elsewhere. */
static const char *inside(int folder, const char *path, char *made) {
    char whole[PATH_MAX * 2], parent[PATH_MAX];
    int size;
    if (log_file < 0 || !path || !*path) return NULL;
    if (path[0] == '/') {
        snprintf(whole, sizeof whole, "%s", path);
    } else {
        char at[64], base[PATH_MAX];
        ssize_t length;
        if (folder == AT_FDCWD) snprintf(at, sizeof at, "/proc/self/cwd");
        else snprintf(at, sizeof at, "/proc/self/fd/%d", folder);
        length = readlink(at, base, sizeof base - 1);
        if (length < 0) return NULL;
        base[length] = 0;
        snprintf(whole, sizeof whole, "%s/%s", base, path);
    }
    size_t length = strlen(whole);
    while (length > 1 && whole[length - 1] == '/') whole[--length] = 0;
    char *name = strrchr(whole, '/');
    if (!name) return NULL;
    *name++ = 0;
    if (!realpath(*whole ? whole : "/", parent)) return NULL;
    size = snprintf(made, PATH_MAX, "%s/%s", strcmp(parent, "/") ? parent : "", name);
    if (size >= PATH_MAX) return NULL;
    if (strncmp(made, root, root_length) || (made[root_length] != '/' && made[root_length] != 0)) return NULL;
    return made;
}

static uint64_t followed(int file) {
    return log_file >= 0 && file >= 0 && file < MOST_FILES ? inodes[file] : 0;
}

static void opened(int file, const char *path, int flags, int was_there) {
    struct stat found;
    if (file < 0 || file >= MOST_FILES) return;
    follow(file, 0);
    if (!path || fstat(file, &found) || !(S_ISREG(found.st_mode) || S_ISDIR(found.st_mode))) return;
    follow(file, found.st_ino);
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    if (S_ISREG(found.st_mode) && writes && (!was_there || (flags & O_TRUNC)))
        note(OPEN, found.st_ino, 0, path, NULL, NULL, 0, (was_there ? 0 : 1) | (flags & O_TRUNC ? 2 : 0));
    else
        note(OPEN, found.st_ino, 0, path, NULL, NULL, 0, 0);
}

static int open_it(int folder, const char *path, int flags, mode_t mode) {
    char made[PATH_MAX];
    struct stat found;
    REAL(int, "openat64", int, const char *, int, ...);
    const char *below = (flags & O_TMPFILE) == O_TMPFILE ? NULL : inside(folder, path, made);
    int was_there = below ? !lstat(below, &found) : 1;
    int file = real(folder, path, flags, mode);
    opened(file, below, flags, was_there);
    return file;
}

#define MODE_OF(flags) \
    mode_t mode = 0; \
    if (((flags) & O_CREAT) || ((flags) & O_TMPFILE) == O_TMPFILE) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) { MODE_OF(flags) return open_it(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_it(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE_OF(flags) return open_it(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE_OF(flags) return open_it(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_it(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open_it(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int __open_2(const char *path, int flags) { return open_it(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_it(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return open_it(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return open_it(folder, path, flags, 0); }

static void written(int file, off_t at, const void *data, ssize_t size) {
    uint64_t inode = followed(file);
    if (inode && size > 0) note(WRITE, inode, at, NULL, NULL, data, size, 0);
}

/* Data that never were in this process's hands, read back from where they went. */
static void copied(int file, off_t at, ssize_t size) {
    if (!followed(file) || size <= 0) return;
    char name[64], *piece = malloc(COPY_PIECE);
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    REAL(int, "open64", const char *, int, ...);
    int again = real(name, O_RDONLY | O_CLOEXEC);
    while (piece && again >= 0 && size > 0) {
        ssize_t got = pread(again, piece, size < COPY_PIECE ? size : COPY_PIECE, at);
        if (got <= 0) break;
        written(file, at, piece, got);
        at += got;
        size -= got;
    }
    if (again >= 0) syscall(SYS_close, again);
    free(piece);
}

static off_t end_of_last(int file) { return lseek(file, 0, SEEK_CUR); }

ssize_t write(int file, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    ssize_t done = real(file, data, size);
    if (done > 0 && followed(file)) written(file, end_of_last(file) - done, data, done);
    return done;
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    ssize_t done = real(file, pieces, count);
    if (done > 0 && followed(file)) copied(file, end_of_last(file) - done, done);
    return done;
}

#define PWRITE(name, offset_type) \
    ssize_t name(int file, const void *data, size_t size, offset_type at) { \
        REAL(ssize_t, #name, int, const void *, size_t, offset_type); \
        ssize_t done = real(file, data, size, at); \
        written(file, at, data, done); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, offset_type) \
    ssize_t name(int file, const struct iovec *pieces, int count, offset_type at) { \
        REAL(ssize_t, #name, int, const struct iovec *, int, offset_type); \
        ssize_t done = real(file, pieces, count, at); \
        if (done > 0 && followed(file)) copied(file, at, done); \
        return done; \
    }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

#define SENDFILE(name, offset_type) \
    ssize_t name(int to, int from, offset_type *at, size_t size) { \
        REAL(ssize_t, #name, int, int, offset_type *, size_t); \
        ssize_t done = real(to, from, at, size); \
        if (done > 0 && followed(to)) copied(to, end_of_last(to) - done, done); \
        return done; \
    }
SENDFILE(sendfile, off_t)
SENDFILE(sendfile64, off64_t)

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    ssize_t done = real(from, from_at, to, to_at, size, flags);
    if (done > 0 && followed(to)) copied(to, (to_at ? *to_at : end_of_last(to)) - done, done);
    return done;
}

static int cut(int done, uint64_t inode, off_t length) {
    if (!done && inode) note(CUT, inode, length, NULL, NULL, NULL, 0, 0);
    return done;
}

#define FTRUNCATE(name, offset_type) \
    int name(int file, offset_type length) { \
        REAL(int, #name, int, offset_type); \
        return cut(real(file, length), followed(file), length); \
    }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

/* Room that is made for a file shows as its length, if it is then longer. */
static int grown(int done, int file, off_t before) {
    struct stat now;
    if (!done && followed(file) && !fstat(file, &now) && now.st_size != before) cut(0, followed(file), now.st_size);
    return done;
}

static off_t length_of(int file) {
    struct stat found;
    return followed(file) && !fstat(file, &found) ? found.st_size : 0;
}

#define FALLOCATE(name, offset_type) \
    int name(int file, offset_type at, offset_type size) { \
        REAL(int, #name, int, offset_type, offset_type); \
        off_t before = length_of(file); \
        return grown(real(file, at, size), file, before); \
    }
FALLOCATE(posix_fallocate, off_t)
FALLOCATE(posix_fallocate64, off64_t)

#define FALLOCATE_MODE(name, offset_type) \
    int name(int file, int mode, offset_type at, offset_type size) { \
        REAL(int, #name, int, int, offset_type, offset_type); \
        off_t before = length_of(file); \
        return grown(real(file, mode, at, size), file, before); \
    }
FALLOCATE_MODE(fallocate, off_t)
FALLOCATE_MODE(fallocate64, off64_t)

#define TRUNCATE(name, offset_type) \
    int name(const char *path, offset_type length) { \
        char made[PATH_MAX]; \
        struct stat found; \
        REAL(int, #name, const char *, offset_type); \
        int done = real(path, length); \
        if (!done && inside(AT_FDCWD, path, made) && !stat(made, &found)) cut(0, found.st_ino, length); \
        return done; \
    }
TRUNCATE(truncate, off_t)
TRUNCATE(truncate64, off64_t)

static int synced(int done, int file) {
    if (!done && followed(file)) note(SYNC, followed(file), 0, NULL, NULL, NULL, 0, 0);
    return done;
}

int fsync(int file) {
    REAL(int, "fsync", int);
    return synced(real(file), file);
}

int fdatasync(int file) {
    REAL(int, "fdatasync", int);
    return synced(real(file), file);
}

int syncfs(int file) {
    REAL(int, "syncfs", int);
    int done = real(file);
    if (!done && followed(file)) note(SYNC_ALL, 0, 0, NULL, NULL, NULL, 0, 0);
    return done;
}

void sync(void) {
    REAL(void, "sync", void);
    real();
    note(SYNC_ALL, 0, 0, NULL, NULL, NULL, 0, 0);
}

static int named(uint32_t what, int done, const char *from, const char *to, unsigned flags) {
    if (!done && (from || to)) note(what, 0, 0, from ? from : "", to, NULL, 0, flags);
    return done;
}

static int rename_it(int folder, const char *from, int other, const char *to, unsigned flags) {
    char first[PATH_MAX], second[PATH_MAX];
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    const char *before = inside(folder, from, first), *after = inside(other, to, second);
    return named(RENAME, real(folder, from, other, to, flags), before, after ? after : "", flags);
}

int rename(const char *from, const char *to) { return rename_it(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int folder, const char *from, int other, const char *to) { return rename_it(folder, from, other, to, 0); }
int renameat2(int folder, const char *from, int other, const char *to, unsigned flags) {
    return rename_it(folder, from, other, to, flags);
}

int unlinkat(int folder, const char *path, int flags) {
    char made[PATH_MAX];
    REAL(int, "unlinkat", int, const char *, int);
    const char *below = inside(folder, path, made);
    return named(flags & AT_REMOVEDIR ? REMOVE_FOLDER : UNLINK, real(folder, path, flags), below, NULL, 0);
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    struct stat found;
    return !lstat(path, &found) && S_ISDIR(found.st_mode) ? rmdir(path) : unlink(path);
}

int linkat(int folder, const char *from, int other, const char *to, int flags) {
    char first[PATH_MAX], second[PATH_MAX];
    REAL(int, "linkat", int, const char *, int, const char *, int);
    const char *before = inside(folder, from, first), *after = inside(other, to, second);
    return named(LINK, real(folder, from, other, to, flags), before, after, 0);
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkdirat(int folder, const char *path, mode_t mode) {
    char made[PATH_MAX];
    REAL(int, "mkdirat", int, const char *, mode_t);
    const char *below = inside(folder, path, made);
    return named(MAKE_FOLDER, real(folder, path, mode), below, NULL, 0);
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int close(int file) {
    REAL(int, "close", int);
    if (file == log_file && file >= 0) return 0; /* those who close everything they find */
    follow(file, 0);
    return real(file);
}

static int doubled(int copy, int file) {
    follow(copy, followed(file));
    return copy;
}

int dup(int file) {
    REAL(int, "dup", int);
    return doubled(real(file), file);
}

int dup2(int file, int copy) {
    REAL(int, "dup2", int, int);
    return doubled(real(file, copy), file);
}

int dup3(int file, int copy, int flags) {
    REAL(int, "dup3", int, int, int);
    return doubled(real(file, copy, flags), file);
}

#define FCNTL(name) \
    int name(int file, int command, ...) { \
        va_list rest; \
        va_start(rest, command); \
        void *argument = va_arg(rest, void *); \
        va_end(rest); \
        REAL(int, #name, int, int, ...); \
        int done = real(file, command, argument); \
        return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? doubled(done, file) : done; \
    }
FCNTL(fcntl)
FCNTL(fcntl64)

#define MMAP(name, offset_type) \
    void *name(void *at, size_t size, int access, int flags, int file, offset_type offset) { \
        REAL(void *, #name, void *, size_t, int, int, int, offset_type); \
        void *done = real(at, size, access, flags, file, offset); \
        if (done != MAP_FAILED && (flags & MAP_SHARED) && (access & PROT_WRITE) && followed(file)) \
            note(MAP, followed(file), offset, NULL, NULL, NULL, 0, 0); \
        return done; \
    }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)
