using Microsoft.AspNetCore.Http;
using Settlement.Gateway.Identity;
using Settlement.WebConsole.Words;

namespace Settlement.WebConsole.Serving;

/// <summary>One request of a browser, identified and checked.</summary>
public sealed class ConsoleRequest(HttpContext http, Caller? caller, Text text, string token, IFormCollection? form)
{
    /// <summary>The request itself.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>Who is signed in; null on the sign-in page only.</summary>
    public Caller? SignedIn { get; } = caller;

    /// <summary>Who is signed in.</summary>
    public Caller Caller => SignedIn ?? throw new InvalidOperationException("Only the sign-in page is served without a session.");

    /// <summary>Language of the page.</summary>
    public Text Text { get; } = text;

    /// <summary>Antiforgery token for the forms of the page.</summary>
    public string Token { get; } = token;

    /// <summary>Path below the host, to mark the page in the navigation.</summary>
    public string Path => Http.Request.Path.Value ?? "";

    /// <summary>Address of this page in a language.</summary>
    public string In(string language)
    {
        QueryString query = QueryString.Create(Http.Request.Query.Where(pair => pair.Key != "lang"));
        return (Http.Request.Method == "GET" ? Path : "/console") + query.Add("lang", language);
    }

    /// <summary>A part of the path.</summary>
    public string Route(string name) => Http.Request.RouteValues[name] as string ?? "";

    /// <summary>A field of the query or the form, trimmed; empty when absent.</summary>
    public string Field(string name) => (form is null ? Http.Request.Query[name] : form[name]).FirstOrDefault()?.Trim() ?? "";

    /// <summary>Whether a box is ticked.</summary>
    public bool Ticked(string name) => Field(name).Length > 0;

    /// <summary>An uploaded file, or null.</summary>
    public IFormFile? File(string name) => form?.Files.GetFile(name);
}
