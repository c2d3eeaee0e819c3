"""A folder of its own for the script: Streamlit makes pages of a `pages/` that stands beside it."""
