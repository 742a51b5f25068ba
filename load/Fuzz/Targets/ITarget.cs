using Settlement.Fuzz.Inputs;

namespace Settlement.Fuzz.Targets;

/// <summary>Something that takes inputs.</summary>
internal interface ITarget
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Of all inputs, so many in a hundred.</summary>
    int Share { get; }

    /// <summary>Inputs under way at once.</summary>
    int AtOnce { get; }

    /// <summary>Tries one input.</summary>
    /// <returns>What is wrong with the way it was taken, or null.</returns>
    Task<string?> TryAsync(Chance chance, CancellationToken patience);
}
