// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "hostprocess.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QUrl>

#include <csignal>

namespace Rollcall {

namespace {

constexpr int kDeadlineMs = 30'000;

} // namespace

HostProcess::HostProcess()
{
    for (const char *name :
         {"PATH", "HOME", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (qEnvironmentVariableIsSet(name))
            m_environment.insert(QLatin1String(name), qEnvironmentVariable(name));
    }
    QDir(m_folder.path()).mkdir("builtin");
    m_environment.insert("ROLLCALL_PLUGIN_DIR", m_folder.filePath("builtin"));
    m_environment.insert("TMPDIR",
                         m_folder.path()); // what a killed host leaves goes with the folder
    m_process.setWorkingDirectory(m_folder.path());
}

HostProcess::~HostProcess()
{
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

void HostProcess::write(const QString &name, const QByteArray &content) const
{
    QFile file(filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(name));
}

void HostProcess::setVariable(const QString &name, const QString &value)
{
    m_environment.insert(name, value);
}

void HostProcess::start(const QStringList &arguments)
{
    m_output.clear();
    m_log.clear();
    m_url.clear();
    m_process.setProcessEnvironment(m_environment);
    m_process.start(ROLLCALL_BIN, arguments);
}

int HostProcess::run(const QStringList &arguments)
{
    start(arguments);
    return waitForEnd();
}

int HostProcess::waitForEnd()
{
    const bool hasEnded =
        m_process.state() == QProcess::NotRunning || m_process.waitForFinished(kDeadlineMs);
    readAll();
    return hasEnded && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

bool HostProcess::serve(const QStringList &arguments)
{
    start(QStringList{"--set", "edge.port=0"} + arguments);
    static const QRegularExpression line(
        "^rollcall: listening on (http://127\\.0\\.0\\.1:[0-9]+/)\n",
        QRegularExpression::MultilineOption);
    const QDeadlineTimer deadline(kDeadlineMs);
    while (m_url.isEmpty() && m_process.state() != QProcess::NotRunning && !deadline.hasExpired()) {
        m_process.waitForReadyRead(50);
        m_url = line.match(output()).captured(1);
    }
    if (m_url.isEmpty())
        qWarning("the host does not listen: %s", qPrintable(log()));
    return !m_url.isEmpty();
}

void HostProcess::signal(int number) const { ::kill(pid_t(m_process.processId()), number); }

bool HostProcess::waitForLog(const QString &part)
{
    const QDeadlineTimer deadline(kDeadlineMs);
    while (!log().contains(part)) {
        if (deadline.hasExpired() || m_process.state() == QProcess::NotRunning) {
            qWarning("the log has no \"%s\": %s", qPrintable(part), qPrintable(m_log));
            return false;
        }
        m_process.waitForReadyRead(50);
    }
    return true;
}

quint16 HostProcess::port() const { return quint16(QUrl(m_url).port()); }

HostProcess::Answer HostProcess::get(const QByteArray &target) const
{
    QTcpSocket socket;
    socket.connectToHost("127.0.0.1", port());
    socket.write("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port())
                 + "\r\nConnection: close\r\n\r\n");
    socket.waitForDisconnected(kDeadlineMs);
    const QByteArray all = socket.readAll();
    const qsizetype end = all.indexOf("\r\n\r\n");
    return {all.mid(9, 3).toInt(), all.left(end), end < 0 ? QByteArray() : all.mid(end + 4)};
}

void HostProcess::readAll()
{
    m_output += QString::fromUtf8(m_process.readAllStandardOutput());
    m_log += QString::fromUtf8(m_process.readAllStandardError());
}

} // namespace Rollcall
