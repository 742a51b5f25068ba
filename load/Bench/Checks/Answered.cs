namespace Settlement.Bench.Checks;

/// <summary>What a server has answered, to be compared with what it stored.</summary>
/// <param name="Name">How the server is called in messages.</param>
/// <param name="Settled">Settlements answered.</param>
/// <param name="Registered">Registrations answered.</param>
internal sealed record Answered(string Name, long Settled, long Registered)
{
    /// <summary>As many are stored as were answered, no less and no more.</summary>
    /// <exception cref="InvalidOperationException">The numbers differ.</exception>
    public void Require(string what, long answered, long stored)
    {
        if (answered != stored) throw new InvalidOperationException($"{Name}: {answered:N0} {what} were answered, {stored:N0} are stored.");
    }
}
