namespace Settlement.Gateway.Feeding;

/// <summary>How many may follow the ledger, and how closely, section <c>Gateway:Feed</c>.</summary>
public sealed class FeedOptions
{
    /// <summary>Most streams at once; beyond it they are refused as busy.</summary>
    public int MaxFollowers { get; set; } = 32;

    /// <summary>Most streams of one facility at once.</summary>
    public int MaxFollowersPerFacility { get; set; } = 2;

    /// <summary>How often a stream that has given everything looks for more.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stream may say nothing: its progress then tells that it lives, and how far it is.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    internal void Validate()
    {
        if (MaxFollowers < 1) throw new InvalidOperationException($"Gateway:Feed:MaxFollowers is {MaxFollowers}: it must be at least 1.");
        if (MaxFollowersPerFacility < 1)
            throw new InvalidOperationException(
                $"Gateway:Feed:MaxFollowersPerFacility is {MaxFollowersPerFacility}: it must be at least 1.");
        if (PollInterval < TimeSpan.FromMilliseconds(10) || PollInterval > TimeSpan.FromMinutes(1))
            throw new InvalidOperationException($"Gateway:Feed:PollInterval is {PollInterval}: it must be between 10 ms and one minute.");
        if (Heartbeat < PollInterval || Heartbeat > TimeSpan.FromMinutes(5))
            throw new InvalidOperationException($"Gateway:Feed:Heartbeat is {Heartbeat}: it must be between PollInterval and 5 minutes.");
    }
}
