// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/dropinfolder.h"

#include <QDir>
#include <QFile>
#include <QLoggingCategory>
#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Rollcall {

namespace {

Q_LOGGING_CATEGORY(log, "rollcall.core.extension.dropin")

bool isPluginName(const QString &name)
{
    return name.endsWith(QLatin1String(".so")) && !name.startsWith(QLatin1Char('.'));
}

} // namespace

DropInFolder::DropInFolder(const QString &path, QObject *parent)
    : QObject(parent)
    , m_path(QDir(path).absolutePath())
{ }

DropInFolder::~DropInFolder()
{
    delete m_notifier; // before its descriptor
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<void> DropInFolder::checkPermissions(const QString &path)
{
    struct stat status;
    if (::stat(QFile::encodeName(path).constData(), &status) != 0)
        return Error{ErrorCode::Configuration,
                     QStringLiteral("%1: %2").arg(path, qt_error_string(errno)),
                     {}};
    if (status.st_mode & S_IWOTH)
        return Error{
            ErrorCode::Configuration,
            QStringLiteral("%1: everybody may write to it, so nothing is loaded from it").arg(path),
            {}};
    return {};
}

Result<void> DropInFolder::start()
{
    if (const auto allowed = checkPermissions(m_path); !allowed)
        return allowed.error();
    m_descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    const uint32_t events =
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
    if (m_descriptor < 0
        || ::inotify_add_watch(m_descriptor, QFile::encodeName(m_path).constData(), events) < 0) {
        return Error{ErrorCode::Configuration,
                     QStringLiteral("%1 cannot be watched: %2").arg(m_path, qt_error_string(errno)),
                     {}};
    }
    m_notifier = new QSocketNotifier(m_descriptor, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [this] { handleEvents(); });
    return {};
}

QStringList DropInFolder::files() const
{
    QStringList paths;
    if (!checkPermissions(m_path))
        return paths;
    const QDir folder(m_path);
    for (const QString &name :
         folder.entryList({QStringLiteral("*.so")}, QDir::Files, QDir::Name)) {
        const QString path = folder.filePath(name);
        if (!isPluginName(name))
            continue;
        if (const auto allowed = checkPermissions(path))
            paths.append(path);
        else
            qCWarning(log).noquote() << allowed.error().logText;
    }
    return paths;
}

void DropInFolder::handleEvents()
{
    alignas(inotify_event) std::array<char, 16 * 1024> buffer;
    QStringList names;
    bool hasOverflown = false;
    for (;;) {
        const ssize_t size = ::read(m_descriptor, buffer.data(), buffer.size());
        if (size <= 0)
            break;
        for (ssize_t offset = 0; offset < size;) {
            const auto *event = reinterpret_cast<const inotify_event *>(buffer.data() + offset);
            offset += ssize_t(sizeof(inotify_event)) + event->len;
            if (event->mask & IN_Q_OVERFLOW)
                hasOverflown = true;
            else if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF))
                qCWarning(log).noquote()
                    << QStringLiteral("%1 is gone: plugins that are dropped in now are not seen "
                                      "before a restart")
                           .arg(m_path);
            else if (event->len > 0 && !(event->mask & IN_ISDIR))
                names.append(QFile::decodeName(event->name));
        }
    }
    if (hasOverflown) {
        for (const QString &path : files())
            Q_EMIT fileReady(path);
        return;
    }
    names.removeDuplicates();
    for (const QString &name : std::as_const(names))
        handleFile(name);
}

void DropInFolder::handleFile(const QString &name)
{
    if (!isPluginName(name))
        return;
    const QString path = QDir(m_path).filePath(name);
    // The folder may have been opened to everybody since start().
    for (const QString &checked : {m_path, path}) {
        if (const auto allowed = checkPermissions(checked); !allowed) {
            qCWarning(log).noquote() << allowed.error().logText;
            return;
        }
    }
    qCInfo(log).noquote() << QStringLiteral("%1 was dropped in").arg(path);
    Q_EMIT fileReady(path);
}

} // namespace Rollcall
