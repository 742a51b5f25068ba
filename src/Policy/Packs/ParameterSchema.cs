namespace Settlement.Policy;

/// <summary>Text id, unit and table of each <see cref="Parameter"/>.</summary>
public static class ParameterSchema
{
}
