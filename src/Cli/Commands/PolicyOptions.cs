using System.CommandLine;
using System.Globalization;

namespace Settlement.Cli.Commands;

/// <summary>Options shared by the commands that read the packs themselves.</summary>
internal static class PolicyOptions
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>The day asked about.</summary>
    public static Option<string?> On(string description) => DayOption("--on", description);

    /// <summary>An option that takes a day.</summary>
    public static Option<string?> DayOption(string name, string description)
    {
        Option<string?> day = new(name) { Description = description, HelpName = "DATE" };
        day.Validators.Add(result =>
        {
            if (result.GetValue(day) is { } text && !TryParse(text, out _))
                result.AddError($"{name} is '{text}': expected a day as YYYY-MM-DD");
        });
        return day;
    }

    /// <summary>The day an option was given, or null.</summary>
    public static DateOnly? DayOrNull(string? given) => given is not null && TryParse(given, out DateOnly day) ? day : null;

    /// <summary>The folder of the packs.</summary>
    public static Option<string?> Policies() =>
        new("--policies") { Description = "Folder of the policy packs (default: policies/ of the checkout).", HelpName = "DIR" };

    /// <summary>The day given, or today in China.</summary>
    public static DateOnly Day(string? given, CliHost host) =>
        DayOrNull(given) ?? DateOnly.FromDateTime(host.Clock.GetUtcNow().ToOffset(China).DateTime);

    /// <summary>The folder given, or that of the checkout.</summary>
    /// <exception cref="CliException">It does not exist.</exception>
    public static string Folder(string? given, CliHost host)
    {
        string folder = given ?? Path.Combine(host.Root, "policies");
        return Directory.Exists(folder) ? folder : throw new CliException(ExitCode.Usage, $"there is no folder {folder}");
    }

    private static bool TryParse(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
