using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Settlement.Telemetry.Logs;

/// <summary>
/// The product's own messages name no person. Orleans does, by the grain's id, in its messages and in its exceptions, which others log too:
/// wherever such an id stands it is masked to its last two characters before anything leaves the process. A visit is named by its
/// facility alone, for its id is the hospital's to choose.
/// </summary>
internal sealed partial class MaskingLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    private const int Shown = 2;
    private static readonly int Prefix = "insuredperson/".Length;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new MaskingLogger(inner.CreateLogger(categoryName));

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    /// <summary>A text with the ids of persons and visits masked.</summary>
    internal static string Mask(string text)
    {
        if (text.Contains("insuredperson/", StringComparison.Ordinal))
            text = Person().Replace(
                text, static id => $"insuredperson/****{(id.ValueSpan.Length > Prefix + 2 * Shown ? id.ValueSpan[^Shown..] : "")}");
        return text.Contains("visit/", StringComparison.Ordinal) ? Visit().Replace(text, "visit/$1 ****") : text;
    }

    [GeneratedRegex(@"insuredperson/[A-Za-z0-9_-]*")]
    private static partial Regex Person();

    [GeneratedRegex(@"\bvisit/([A-Za-z0-9_-]+) [^\s@\],]+")]
    private static partial Regex Visit();

    private sealed class MaskingLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel)) return;
            string text = formatter(state, exception);
            string failure = exception?.ToString() ?? "";
            string masked = Mask(text);
            string maskedFailure = Mask(failure);
            if (ReferenceEquals(text, masked) && ReferenceEquals(failure, maskedFailure))
                inner.Log(logLevel, eventId, state, exception, formatter);
            else inner.Log(logLevel, eventId, failure.Length == 0
                ? masked
                : masked + Environment.NewLine + maskedFailure, null, static (line, _) => line);
        }
    }
}
