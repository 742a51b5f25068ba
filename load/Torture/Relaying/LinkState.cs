using System.Globalization;

namespace Settlement.Torture.Relaying;

/// <summary>What a link of the fault proxy does to its connections, or to those that one process made.</summary>
/// <param name="Requests">Whether bytes pass from whoever connected to what is behind the link.</param>
/// <param name="Answers">Whether bytes pass the other way.</param>
/// <param name="Refuses">Whether new connections are broken at once.</param>
/// <param name="Delay">How much later bytes pass.</param>
internal sealed record LinkState(bool Requests, bool Answers, bool Refuses, TimeSpan Delay)
{
    /// <summary>Everything passes.</summary>
    public static LinkState Open { get; } = new(Requests: true, Answers: true, Refuses: false, Delay: TimeSpan.Zero);

    /// <summary>
    /// The state that a word means: <c>open</c>, <c>hold</c> (both directions), <c>deafen</c> (requests), <c>mute</c> (answers),
    /// <c>refuse</c>, <c>reset</c> (and open), <c>delay MS</c>.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static LinkState Of(string word) => word.Split(' ') switch
    {
        ["open" or "reset"] => Open,
        ["hold"] => Open with { Requests = false, Answers = false },
        ["deafen"] => Open with { Requests = false },
        ["mute"] => Open with { Answers = false },
        ["refuse"] => Open with { Refuses = true },
        ["delay", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) =>
            Open with { Delay = TimeSpan.FromMilliseconds(milliseconds) },
        _ => throw new ArgumentException($"'{word}' is no word for a link."),
    };

    /// <summary>Whether the word breaks the connections that it concerns.</summary>
    public static bool Breaks(string word) => word is "refuse" or "reset";

    /// <summary>Both at once.</summary>
    public LinkState And(LinkState other) =>
        new(Requests && other.Requests, Answers && other.Answers, Refuses || other.Refuses, Delay + other.Delay);
}
