using Microsoft.AspNetCore.Components;
using Settlement.WebConsole.Serving;
using Settlement.WebConsole.Words;

namespace Settlement.WebConsole.Parts;

/// <summary>A page or a part of one.</summary>
public abstract class PageBase : ComponentBase
{
    /// <summary>The request that is answered.</summary>
    [Parameter, EditorRequired]
    public required ConsoleRequest Request { get; set; }

    /// <summary>Language of the page.</summary>
    protected Text T => Request.Text;
}

/// <summary>A page that shows something.</summary>
/// <typeparam name="TModel">What it shows.</typeparam>
public abstract class PageBase<TModel> : PageBase
{
    /// <summary>What it shows.</summary>
    [Parameter, EditorRequired]
    public required TModel Model { get; set; }
}
