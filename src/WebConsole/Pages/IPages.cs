using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>A group of pages on one subject.</summary>
internal interface IPages
{
    /// <summary>Puts the pages at their addresses.</summary>
    void Map(Routes routes);
}
