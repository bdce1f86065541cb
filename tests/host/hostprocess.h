// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace Rollcall {

/// The program under test, in an empty folder, with an environment that sets nothing, and without
/// the plugins of the build tree. Killed with this object.
class HostProcess
{
public:
    HostProcess();
    ~HostProcess();

    /// Folder the program runs in.
    QString filePath(const QString &name) const { return m_folder.filePath(name); }
    void write(const QString &name, const QByteArray &content) const;
    void setVariable(const QString &name, const QString &value);

    /// Runs to its end. Returns the exit code; -1 for a crash or a time-out.
    int run(const QStringList &arguments);
    /// Runs until it listens, on a port of its own. False: it did not.
    bool serve(const QStringList &arguments = {});
    void signal(int number) const;
    /// Exit code after a signal or a failure; -1 for a crash or a time-out.
    int waitForEnd();

    /// Waits until the log has a line with this in it.
    bool waitForLog(const QString &part);

    /// "http://127.0.0.1:1234/" of the listening line.
    QString url() const { return m_url; }
    quint16 port() const;
    QString output()
    {
        readAll();
        return m_output;
    }
    QString log()
    {
        readAll();
        return m_log;
    }
    QStringList logLines() { return log().split('\n', Qt::SkipEmptyParts); }

    struct Answer
    {
        int status = 0; ///< 0: none
        QByteArray head;
        QByteArray body;
    };
    /// One GET over a connection of its own.
    Answer get(const QByteArray &target) const;

private:
    void readAll();
    void start(const QStringList &arguments);

    QTemporaryDir m_folder;
    QProcess m_process;
    QProcessEnvironment m_environment;
    QString m_output;
    QString m_log;
    QString m_url;
};

} // namespace Rollcall
