using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Mapping;

/// <summary>Refusals of the rules as the grain gives them to callers.</summary>
internal static class RefusalMapping
{
    /// <summary>Code, text in both languages and the facts behind it.</summary>
    public static RefusalInfo ToInfo(Refusal refusal)
    {
        Dictionary<string, string> details = [];
        Add("field", refusal.Field);
        Add("value", refusal.Value);
        Add("expected", refusal.Expected);
        Add("parameter", refusal.Parameter == Parameter.None ? null : ParameterSchema.NameOf(refusal.Parameter));
        Add("cell", refusal.Cell);
        Add("document", refusal.Document);
        return new RefusalInfo(
            refusal.Code.Text(), Explainer.Default.Explain(refusal, Language.En), Explainer.Default.Explain(refusal, Language.Zh), details);

        void Add(string name, string? value)
        {
            if (value is not null) details[name] = value;
        }
    }
}
