namespace Settlement.WebConsole.Words;

/// <summary>The language of a page. Both texts stand where they are used: <c>T["参保人账户", "Account"]</c>.</summary>
public sealed class Text
{
    private Text(string language) => Language = language;

    /// <summary>Chinese, the first language.</summary>
    public static Text Zh { get; } = new("zh");

    /// <summary>English.</summary>
    public static Text En { get; } = new("en");

    /// <summary><c>zh</c> or <c>en</c>, as the contract asks for texts.</summary>
    public string Language { get; }

    /// <summary>As the page's <c>lang</c> attribute has it.</summary>
    public string Tag => this == Zh ? "zh-CN" : "en";

    /// <summary>The text in the language of the page.</summary>
    public string this[string zh, string en] => this == Zh ? zh : en;

    /// <summary>The language of a code; Chinese for any other.</summary>
    public static Text Of(string? language) => language == "en" ? En : Zh;
}
