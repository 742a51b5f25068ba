using System.Net;
using System.Text.RegularExpressions;

namespace Settlement.Cluster.Tests.WebConsole;

/// <summary>A browser as far as addresses, forms and cookies go: it follows no redirect and runs no script.</summary>
internal sealed partial class ConsoleVisitor : IDisposable
{
    private readonly HttpClient http;

    public ConsoleVisitor(string address)
    {
        Address = new Uri(address);
        http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The cookies that would be sent to the console.</summary>
    public IEnumerable<Cookie> Held => Cookies.GetCookies(new Uri(Address, "/console"));

    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(path);

    /// <summary>The page at an address; it must be there.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);
        string page = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {answer.Headers.Location}\n{page}");
        return page;
    }

    /// <summary>The text of the page at an address, without character references.</summary>
    public async Task<string> ReadTextAsync(string path) => WebUtility.HtmlDecode(await ReadAsync(path));

    /// <summary>Fills in the form of a page and sends it, with the page's token.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        string token = Token().Match(await ReadAsync(page)).Groups[1].Value;
        return await PostAsync(action, [("form-token", token), .. fields]);
    }

    /// <summary>Sends a form as it is given.</summary>
    public Task<HttpResponseMessage> PostAsync(string action, params (string Name, string Value)[] fields) =>
        http.PostAsync(action, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    /// <summary>Sends the upload form of a page.</summary>
    public async Task<HttpResponseMessage> UploadAsync(
        string page, string action, string fileField, string file, params (string Name, string Value)[] fields)
    {
        string token = Token().Match(await ReadAsync(page)).Groups[1].Value;
        using MultipartFormDataContent form =
            new() { { new StringContent(token), "form-token" }, { new StringContent(file), fileField, "list.csv" } };
        foreach ((string name, string value) in fields) form.Add(new StringContent(value), name);
        return await http.PostAsync(action, form);
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("name=\"form-token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
