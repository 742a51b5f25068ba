using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Settlement.WebConsole.Serving;

/// <summary>What a page answers.</summary>
internal static class Answers
{
    /// <summary>A whole page.</summary>
    public static IResult Page<TPage>(ConsoleRequest request, object? model = null, int status = 200)
        where TPage : IComponent
    {
        Dictionary<string, object?> parameters = new() { ["Request"] = request };
        if (model is not null) parameters["Model"] = model;
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status, PreventStreamingRendering = true };
    }

    /// <summary>On to another page, by GET.</summary>
    public static IResult Go(string path) => Results.Redirect(path);
}
