"""The dashboard: Streamlit pages in a process of their own, on this machine's loopback only.

It reads the state file (never writes it) and asks the running bot through `control.client`; what
moves money is a command of the bot's own, previewed and confirmed. Who may come in is decided by
`door.py` before Streamlit sees a request.
"""
