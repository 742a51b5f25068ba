namespace Settlement.WebConsole.Pages;

/// <summary>Why a page was not given.</summary>
/// <param name="Code">A code of <c>docs/refusals.md</c>.</param>
/// <param name="Message">The reason in the language of the page.</param>
public sealed record RefusalModel(string Code, string Message);
