// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/logging.h"

#include "core/base/configuration.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>

#include <array>
#include <mutex>
#include <optional>
#include <poll.h>
#include <unistd.h>

namespace Rollcall {

namespace {

// poll() promises room for this much in a pipe (PIPE_BUF), so that a longer line could block.
constexpr qsizetype kMaxLine = 4096;

constexpr std::array kLevelNames{"debug", "info", "warning", "critical"};

/// Qt's message handler is one function of the process and has no object to keep this in.
struct State
{
    std::mutex mutex;
    LogConfig config;
    int descriptor = STDERR_FILENO;
    quint64 dropped = 0;
};
State &state()
{
    static State *instance = new State; // never destroyed: other statics may log while they are
    return *instance;
}

QLatin1String levelName(LogLevel level) { return QLatin1String(kLevelNames.at(size_t(level))); }

std::optional<LogLevel> levelFromName(const QString &name)
{
    for (size_t i = 0; i < kLevelNames.size(); ++i) {
        if (name == QLatin1String(kLevelNames.at(i)))
            return LogLevel(i);
    }
    return std::nullopt;
}

LogLevel levelOfType(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return LogLevel::Debug;
    case QtInfoMsg:
        return LogLevel::Info;
    case QtWarningMsg:
        return LogLevel::Warning;
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return LogLevel::Critical;
}

/// Control characters as \n or \x1b, lone surrogates as what UTF-8 has for them.
QByteArray onOneLine(const QString &message)
{
    QString line;
    line.reserve(message.size());
    for (const QChar c : message) {
        if (c == QLatin1Char('\n'))
            line += QLatin1String("\\n");
        else if (c.category() == QChar::Other_Control || c.unicode() == 0x2028
                 || c.unicode() == 0x2029)
            line += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
        else
            line += c;
    }
    return line.toUtf8();
}

QByteArray formatted(LogFormat format, LogLevel level, const QString &category,
                     const QString &message)
{
    const QString time = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
    if (format == LogFormat::Json) {
        const QJsonObject line{{QStringLiteral("time"), time},
                               {QStringLiteral("level"), levelName(level)},
                               {QStringLiteral("category"), category},
                               {QStringLiteral("message"), message}};
        return QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
    }
    return time.toUtf8() + ' ' + levelName(level).data() + ' ' + category.toUtf8() + ": "
        + onOneLine(message) + '\n';
}

QByteArray lineOf(LogFormat format, LogLevel level, const QString &category, const QString &message)
{
    QByteArray line = formatted(format, level, category, message);
    for (qsizetype size = kMaxLine; line.size() > kMaxLine; size /= 2)
        line = formatted(format, level, category.left(size),
                         message.left(size) + QStringLiteral(" ..."));
    return line;
}

/// Whether it was written: never waits.
bool writeLine(int descriptor, const QByteArray &line)
{
    pollfd target{descriptor, POLLOUT, 0};
    if (::poll(&target, 1, 0) != 1 || !(target.revents & POLLOUT))
        return false;
    return ::write(descriptor, line.constData(), size_t(line.size())) == line.size();
}

void handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    State &own = state();
    const std::lock_guard lock(own.mutex);
    const QString category = QLatin1String(context.category ? context.category : "default");
    if (own.dropped > 0) {
        const QString text =
            QStringLiteral("%1 lines were dropped: nobody read them").arg(own.dropped);
        if (writeLine(own.descriptor,
                      lineOf(own.config.format, LogLevel::Warning,
                             QStringLiteral("rollcall.core.log"), text))) {
            own.dropped = 0;
        }
    }
    const QByteArray line = lineOf(own.config.format, levelOfType(type), category, message);
    if (own.dropped > 0 || !writeLine(own.descriptor, line))
        ++own.dropped;
}

void filterCategory(QLoggingCategory *category)
{
    LogLevel level;
    {
        State &own = state();
        const std::lock_guard lock(own.mutex);
        level = own.config.levelOf(QLatin1String(category->categoryName()));
    }
    category->setEnabled(QtDebugMsg, level <= LogLevel::Debug);
    category->setEnabled(QtInfoMsg, level <= LogLevel::Info);
    category->setEnabled(QtWarningMsg, level <= LogLevel::Warning);
    category->setEnabled(QtCriticalMsg, true);
}

} // namespace

LogConfig LogConfig::read(Configuration &configuration)
{
    ConfigurationReader reader(configuration, QStringLiteral("log"));
    QStringList levels;
    for (const char *name : kLevelNames)
        levels.append(QLatin1String(name));

    LogConfig config;
    const QString format =
        reader.text(QStringLiteral("format"),
                    {.fallback = QStringLiteral("text"),
                     .choices = {QStringLiteral("text"), QStringLiteral("json")},
                     .onReload = OnReload::Applied,
                     .help = QStringLiteral("One line of text, or one JSON object a line.")});
    config.format = format == QLatin1String("json") ? LogFormat::Json : LogFormat::Text;
    const QString level = reader.text(
        QStringLiteral("level"),
        {.fallback = QStringLiteral("info"),
         .choices = levels,
         .onReload = OnReload::Applied,
         .help = QStringLiteral("What is logged at least: debug, info, warning or critical.")});
    config.level = levelFromName(level).value_or(LogLevel::Info);
    const auto rules = reader.map(
        QStringLiteral("rules"), OnReload::Applied,
        QStringLiteral(
            "Levels of single categories: \"rollcall.core.redis\" or \"rollcall.plugin.*\" = "
            "\"debug\". The longest "
            "that fits decides. Categories that end in .traffic are off until a rule names them."));
    for (auto it = rules.cbegin(); it != rules.cend(); ++it) {
        if (const auto ruleLevel = levelFromName(it.value()))
            config.rules.insert(it.key(), *ruleLevel);
        else
            reader.addError(QStringLiteral("rules"),
                            QStringLiteral("%1: must be one of: %2")
                                .arg(it.key(), levels.join(QStringLiteral(", "))));
    }
    return config;
}

LogLevel LogConfig::levelOf(const QString &category) const
{
    const bool isTraffic = category.endsWith(QLatin1String(".traffic"));
    LogLevel best = isTraffic ? LogLevel::Critical : level;
    qsizetype bestLength = -1;
    for (auto it = rules.cbegin(); it != rules.cend(); ++it) {
        const QString &rule = it.key();
        if (isTraffic && !rule.endsWith(QLatin1String(".traffic")))
            continue;
        bool fits = rule == category;
        if (const qsizetype star = rule.indexOf(QLatin1Char('*')); star >= 0) {
            fits = category.size() >= rule.size() - 1
                && category.startsWith(QStringView(rule).left(star))
                && category.endsWith(QStringView(rule).mid(star + 1));
        }
        if (fits && rule.size() > bestLength) {
            best = it.value();
            bestLength = rule.size();
        }
    }
    return best;
}

void installLogging(const LogConfig &config, int descriptor)
{
    {
        State &own = state();
        const std::lock_guard lock(own.mutex);
        own.descriptor = descriptor;
    }
    applyLogging(config);
    qInstallMessageHandler(handleMessage);
}

void applyLogging(const LogConfig &config)
{
    {
        State &own = state();
        const std::lock_guard lock(own.mutex);
        own.config = config;
    }
    // Installing the filter again makes Qt ask it about every category again.
    QLoggingCategory::installFilter(filterCategory);
}

} // namespace Rollcall
